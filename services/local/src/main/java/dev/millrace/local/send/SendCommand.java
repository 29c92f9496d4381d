package dev.millrace.local.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;
import dev.millrace.local.RunningPipelines.Running;

import org.springframework.web.util.UriUtils;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** {@code millrace send}: sends a file's lines to a collector, each an event. */
@Command(
        name = "send",
        description =
                "Send the lines of a file (or of standard input: -) to a pipeline, each as one event, whatever it holds.",
        mixinStandardHelpOptions = true)
public final class SendCommand implements Callable<Integer> {
    private static final Set<String> SCHEMES = Set.of("http", "https");

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
    public Integer call() throws InterruptedException {
        URI target = target();
        try (InputStream input = open();
                Progress progress = new Progress(System.err, isTerminal(), size())) {
            Summary summary = new EventSender(target, progress).send(input);
            progress.close();
            System.out.println(summary.text(target));
            return 0;
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be read: " + e);
        }
    }

    /** The script knows whether standard error is a terminal; the JVM does not. */
    private static boolean isTerminal() {
        return Boolean.parseBoolean(System.getenv("MILLRACE_PROGRESS"));
    }

    private InputStream open() throws IOException {
        if (file.equals("-")) {
            return System.in;
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new CommandFailure(file + " is a folder; name a file", 2);
        }
        try {
            return Files.newInputStream(path);
        } catch (NoSuchFileException e) {
            throw new CommandFailure("There is no file " + file, 2);
        }
    }

    private long size() throws IOException {
        return file.equals("-") ? -1 : Files.size(Path.of(file));
    }

    private URI target() {
        String base = url == null ? running() : url;
        String trimmed = base.replaceFirst("/+$", "");
        try {
            URI uri = new URI(trimmed);
            if (uri.getHost() == null || !SCHEMES.contains(uri.getScheme())) {
                throw new URISyntaxException(trimmed, "no http URL");
            }
            if (uri.getPath().endsWith("/events")) {
                return uri;
            }
            String stream =
                    this.stream == null
                            ? ""
                            : "streams/" + UriUtils.encode(this.stream, UTF_8) + "/";
            return URI.create(trimmed + "/api/v1/" + stream + "events");
        } catch (URISyntaxException e) {
            throw new CommandFailure(
                    "--url "
                            + base
                            + " is no URL of a collector; write one such as http://localhost:8080",
                    2);
        }
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
