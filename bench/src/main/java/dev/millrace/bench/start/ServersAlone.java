package dev.millrace.bench.start;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * The baseline, a process of its own: starts the three embedded servers at the same time, as a
 * local pipeline does, and nothing else. Says {@link #READY} when all take requests, and stops them
 * when its standard input ends.
 */
final class ServersAlone {
    static final String READY = "All servers answer";

    private ServersAlone() {}

    /** Takes the folder for the servers' data. */
    static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<AutoCloseable>> starts =
                    List.of(
                            () -> EmbeddedKafka.start(folder.resolve("kafka"), 0),
                            () -> EmbeddedRedis.start(folder.resolve("redis"), 0),
                            () -> EmbeddedMongo.start(folder.resolve("mongo"), 0, "millrace"));
            var servers = threads.invokeAll(starts);
            for (var server : servers) {
                server.get();
            }
            System.out.println(READY);
            System.in.readAllBytes();
            for (var server : servers) {
                server.get().close();
            }
        }
        System.exit(0);
    }
}
