package dev.millrace.local.send;

import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;
import dev.millrace.local.RunningPipelines.Running;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code millrace send}: sends a file's lines to a collector, each an event. */
@Command(
        name = "send",
        description =
                "Send the lines of a file (or of standard input: -) to a pipeline, each as one event, whatever it holds.",
        mixinStandardHelpOptions = true)
public final class SendCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "NDJSON: one event on each line; - for standard input")
    private String file;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "the collector, such as http://localhost:8080 (default: the running pipeline's)")
    private String url;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "the stream, where the pipeline has several")
    private String stream;

    @Override
    public Integer call() throws IOException, InterruptedException {
        URI target = target();
        try (InputStream input = open()) {
            long size = file.equals("-") ? -1 : Files.size(Path.of(file));
            Progress progress = new Progress(size);
            Summary summary = new EventSender(target).send(input, progress);
            progress.end();
            System.out.println(summary.text(target));
        }
        return 0;
    }

    private InputStream open() throws IOException {
        if (file.equals("-")) {
            return System.in;
        }
        try {
            if (Files.isDirectory(Path.of(file))) {
                throw new CommandFailure(file + " is a folder; name a file", 2);
            }
            return Files.newInputStream(Path.of(file));
        } catch (NoSuchFileException e) {
            throw new CommandFailure("There is no file " + file, 2);
        }
    }

    private URI target() {
        String base = url == null ? running() : url;
        String trimmed = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        if (!trimmed.matches("https?://[^/].*")) {
            throw new CommandFailure(
                    "--url " + base + " is no URL; write one such as http://localhost:8080", 2);
        }
        if (trimmed.endsWith("/events")) {
            return URI.create(trimmed);
        }
        return URI.create(
                trimmed
                        + (stream == null
                                ? "/api/v1/events"
                                : "/api/v1/streams/" + stream + "/events"));
    }

    private static String running() {
        List<Running> running = RunningPipelines.here().list();
        if (running.isEmpty()) {
            throw new CommandFailure(
                    "No pipeline is running; start one with ./millrace run, or name a collector with --url");
        }
        if (running.size() > 1) {
            throw new CommandFailure(
                    "Several pipelines are running; name one with --url: "
                            + running.stream()
                                    .map(one -> one.collector() + " (" + one.name() + ")")
                                    .collect(Collectors.joining(", ")));
        }
        return running.getFirst().collector();
    }
}
