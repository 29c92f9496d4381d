package dev.millrace.local;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The pipelines that run on this machine, so that {@code send} finds them: one file for each, in a
 * folder that they share.
 */
public final class RunningPipelines {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path folder;

    /** The pipelines that note themselves in a folder. */
    public RunningPipelines(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder that {@code MILLRACE_HOME} names; by default {@code .millrace} in the working
     * directory.
     */
    public static RunningPipelines here() {
        return new RunningPipelines(home().resolve("running"));
    }

    /** Where pipelines keep their data unless told otherwise. */
    public static Path home() {
        String home = System.getenv("MILLRACE_HOME");
        return home == null || home.isBlank() ? Path.of(".millrace") : Path.of(home);
    }

    /**
     * One pipeline.
     *
     * @param name its name
     * @param collector where its collector listens, such as {@code http://localhost:8080}
     */
    public record Running(String name, String collector) {}

    /** Notes that this process runs a pipeline. */
    public void add(Map<String, Object> endpoints) {
        try {
            Files.createDirectories(folder);
            Files.write(file(), JSON.writeValueAsBytes(endpoints));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Notes that this process runs none any more. */
    public void remove() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path file() {
        return folder.resolve(ProcessHandle.current().pid() + ".json");
    }

    /** The pipelines whose processes are alive. */
    public List<Running> list() {
        List<Running> running = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return running;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                JsonNode node = JSON.readTree(Files.readAllBytes(file));
                long pid = node.path("pid").asLong(-1);
                if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()) {
                    running.add(
                            new Running(
                                    node.path("pipeline").asString(""),
                                    node.path("collector").asString("")));
                }
            }
        } catch (IOException | JacksonException e) {
            throw new CommandFailure(
                    "The notes of running pipelines in "
                            + folder
                            + " cannot be read ("
                            + e.getMessage()
                            + "); name the collector with --url http://localhost:PORT");
        }
        return running;
    }
}
