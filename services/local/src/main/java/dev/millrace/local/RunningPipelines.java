package dev.millrace.local;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pipelines that run on this machine, so that {@code send} finds them: a note of each, in a
 * folder that they share. A process holds a lock on its note for as long as it lives, however it
 * ends; a note without a lock is one that a killed process left behind.
 */
public final class RunningPipelines {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String NOTE = ".json";

    private final Path folder;
    private FileChannel note;

    /** The pipelines that note themselves in a folder. */
    public RunningPipelines(Path folder) {
        this.folder = folder;
    }

    /**
     * The folder that {@code MILLRACE_HOME} names; by default {@code .millrace} in the working
     * directory.
     */
    public static RunningPipelines here() {
        return new RunningPipelines(home().resolve(".running"));
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
     * @param redis the URL of its Redis
     * @param mongo the URI of its records
     * @param manifest the file that it runs
     */
    public record Running(
            String name, String collector, String redis, String mongo, String manifest) {}

    /**
     * Notes that this process runs a pipeline.
     *
     * @throws CommandFailure when the folder cannot be written
     */
    public synchronized void add(Map<String, Object> endpoints) {
        try {
            Files.createDirectories(folder);
            note = OwnFile.open(file(), JSON.writeValueAsBytes(endpoints));
        } catch (IOException e) {
            throw new CommandFailure(
                    "The folder "
                            + folder
                            + " cannot be written: "
                            + e
                            + "; name one that can in MILLRACE_HOME");
        }
    }

    /** Notes that this process runs none any more; does nothing where it has noted none. */
    public synchronized void remove() {
        if (note != null) {
            OwnFile.delete(file());
            close(note);
            note = null;
        }
    }

    private Path file() {
        return folder.resolve(ProcessHandle.current().pid() + NOTE);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // The descriptor is gone in any case, and the lock with it.
        }
    }

    /**
     * The pipelines whose processes are alive.
     *
     * @throws CommandFailure when the folder cannot be read
     */
    public List<Running> list() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Running> running = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.toString().endsWith(NOTE)) {
                    read(file).ifPresent(running::add);
                }
            }
        } catch (IOException | JacksonException e) {
            throw new CommandFailure(
                    "The notes of running pipelines in "
                            + folder
                            + " cannot be read ("
                            + e
                            + "); name the collector with --url http://localhost:PORT");
        }
        return running;
    }

    private static Optional<Running> read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (!isHeld(channel)) {
                discard(file);
                return Optional.empty();
            }
            JsonNode node = JSON.readTree(Channels.newInputStream(channel));
            return Optional.of(
                    new Running(
                            node.path("pipeline").asString(""),
                            node.path("collector").asString(""),
                            node.path("redis").asString(""),
                            node.path("mongo").asString(""),
                            node.path("manifest").asString("")));
        } catch (NoSuchFileException | AccessDeniedException e) {
            // Gone meanwhile, or somebody else's.
            return Optional.empty();
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // It says nothing to anybody, so it may stay.
        }
    }

    private static boolean isHeld(FileChannel channel) throws IOException {
        try (FileLock lock = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }
}
