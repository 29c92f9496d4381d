package dev.millrace.enricher.run;

import dev.millrace.enricher.Kafka;
import dev.millrace.enricher.Main;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The enricher in a process of its own, to be killed. */
final class EnricherProcess implements AutoCloseable {
    private final Process process;

    /** Starts it; a dead one is missed after 6 s. */
    EnricherProcess(Path manifest, Path log, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-XX:+UseSerialGC",
                                "--sun-misc-unsafe-memory-access=allow",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--server.port=0",
                                "--spring.kafka.streams.properties.consumer.session.timeout.ms=6000",
                                "--spring.kafka.streams.properties.consumer.heartbeat.interval.ms=1500"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("MILLRACE_PIPELINE", manifest.toString());
        builder.environment().put("KAFKA_BOOTSTRAP_SERVERS", Kafka.SERVERS);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
        process = builder.start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGTERM; returns the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
