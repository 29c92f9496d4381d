package dev.millrace.embedded;

import com.mongodb.client.MongoClients;

import org.bson.Document;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/**
 * A JVM with all three servers, which has written {@value #WRITES} things to each of them, all
 * acknowledged, and then waits to be killed.
 */
final class ServersInAnotherProcess implements AutoCloseable {

    static final int WRITES = 1_000;

    private static final String READY = "ready";

    private final Process process;
    private final List<Integer> ports;

    private ServersInAnotherProcess(Process process, List<Integer> ports) {
        this.process = process;
        this.ports = ports;
    }

    /** Forks the process and waits until it has written everything. */
    static ServersInAnotherProcess fork(Path folder) throws IOException {
        var ports = FreePorts.several(3);
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx256m",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ServersInAnotherProcess.class.getName(),
                                folder.toString(),
                                Integer.toString(ports.get(0)),
                                Integer.toString(ports.get(1)),
                                Integer.toString(ports.get(2)))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (var line = lines.readLine(); !READY.equals(line); line = lines.readLine()) {
            if (line == null) {
                throw new IOException("The other process ended before its servers were up");
            }
        }
        return new ServersInAnotherProcess(process, ports);
    }

    long pid() {
        return process.pid();
    }

    int kafkaPort() {
        return ports.get(0);
    }

    int redisPort() {
        return ports.get(1);
    }

    int mongoPort() {
        return ports.get(2);
    }

    /** SIGKILL: nothing in the process gets to run any more. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    static void main(String[] args) throws Exception {
        var folder = Path.of(args[0]);
        var kafka = EmbeddedKafka.start(folder.resolve("kafka"), Integer.parseInt(args[1]));
        var redis = EmbeddedRedis.start(folder.resolve("redis"), Integer.parseInt(args[2]));
        var mongo = EmbeddedMongo.start(folder.resolve("mongo"), Integer.parseInt(args[3]), "test");
        KafkaClients.createTopic(kafka, "events");
        KafkaClients.send(kafka, "events", names());
        for (var name : names()) {
            RedisCommands.send(redis.port(), 5_000, "SET %s %s".formatted(name, name));
        }
        try (var client = MongoClients.create(mongo.uri())) {
            client.getDatabase("test")
                    .getCollection("events")
                    .insertMany(names().stream().map(name -> new Document("_id", name)).toList());
        }
        System.out.println(READY);
        new CountDownLatch(1).await();
    }

    static List<String> names() {
        return IntStream.range(0, WRITES).mapToObj("name-%04d"::formatted).toList();
    }
}
