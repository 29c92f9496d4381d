package dev.millrace.local.run;

import dev.millrace.embedded.FreePorts;
import dev.millrace.local.CommandFailure;
import dev.millrace.local.OwnFile;

import org.springframework.util.FileSystemUtils;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder that a pipeline's servers keep their data in. Held by one process at a time; remembers
 * which ports were used, so that addresses stay the same from run to run where they can.
 */
final class DataFolder implements AutoCloseable {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String OWNER = "millrace.json";
    private static final String LOCK = "lock";

    /** What is there when the very first start was cut off. */
    private static final Set<String> BEGUN = Set.of(LOCK, OWNER + OwnFile.DRAFT);

    private final Path path;
    private final String pipeline;
    private final FileChannel channel;
    private final Map<String, Integer> ports = new TreeMap<>();

    private DataFolder(Path path, String pipeline, FileChannel channel) {
        this.path = path;
        this.pipeline = pipeline;
        this.channel = channel;
    }

    /**
     * Opens the folder of a pipeline, making it where it is not there.
     *
     * @param fresh delete what former runs left
     * @throws CommandFailure when another process holds it, when it is another pipeline's, or when
     *     it holds something else
     */
    static DataFolder open(Path folder, String pipeline, boolean fresh) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            requireOurs(path);
            Files.createDirectories(path);
            DataFolder data = new DataFolder(path, pipeline, lock(path));
            try {
                data.prepare(fresh);
                return data;
            } catch (IOException | RuntimeException e) {
                data.close();
                throw e;
            }
        } catch (FileAlreadyExistsException e) {
            throw new CommandFailure(
                    e.getFile() + " is a file, no folder; choose another with --data DIR");
        } catch (IOException e) {
            throw new CommandFailure(
                    "The data folder "
                            + path
                            + " cannot be used: "
                            + e
                            + "; choose another with --data DIR");
        }
    }

    /** So that neither a run nor {@code --fresh} ever touches files of somebody else. */
    private static void requireOurs(Path path) throws IOException {
        if (!Files.isDirectory(path) || Files.exists(path.resolve(OWNER))) {
            return;
        }
        try (Stream<Path> content = Files.list(path)) {
            if (content.anyMatch(file -> !BEGUN.contains(file.getFileName().toString()))) {
                throw new CommandFailure(
                        path
                                + " holds something else than a pipeline's data; choose an empty folder with --data DIR");
            }
        }
    }

    private static FileChannel lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException _) {
            // Held by this very process.
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw new CommandFailure(
                    "A pipeline is running with the data in "
                            + path
                            + " already; stop it, or choose another folder with --data DIR");
        }
        return channel;
    }

    private void prepare(boolean fresh) throws IOException {
        if (fresh) {
            empty();
        } else if (Files.exists(path.resolve(OWNER))) {
            readOwner();
        }
        writeOwner();
    }

    private void empty() throws IOException {
        try (Stream<Path> content = Files.list(path)) {
            for (Path file : content.filter(file -> !file.endsWith(LOCK)).toList()) {
                // The owner's mark goes last, and with it the right to delete the rest.
                if (!file.endsWith(OWNER)) {
                    FileSystemUtils.deleteRecursively(file);
                }
            }
        }
        Files.deleteIfExists(path.resolve(OWNER));
    }

    private void readOwner() throws IOException {
        JsonNode owner;
        try {
            owner = JSON.readTree(Files.readAllBytes(path.resolve(OWNER)));
        } catch (JacksonException e) {
            throw new CommandFailure(
                    path.resolve(OWNER)
                            + " is damaged; delete the data with --fresh, or choose another folder with --data DIR");
        }
        String former = owner.path("pipeline").asString("");
        if (!former.equals(pipeline)) {
            throw new CommandFailure(
                    path
                            + " holds the data of the pipeline "
                            + former
                            + "; choose another folder with --data DIR, or delete that data with --fresh");
        }
        owner.path("ports").forEachEntry((name, port) -> ports.put(name, port.asInt(0)));
    }

    private void writeOwner() {
        write(OWNER, Map.of("pipeline", pipeline, "ports", ports));
    }

    /** The folder itself. */
    Path path() {
        return path;
    }

    /** A file in it, or the folder of a server. */
    Path server(String name) {
        return path.resolve(name);
    }

    /** A free port for a server: the one of the last run where it can be had. */
    int port(String server) {
        int former = ports.getOrDefault(server, 0);
        if (former <= 0 || former > 65_535 || !FreePorts.isFree(former)) {
            ports.put(server, FreePorts.one());
            writeOwner();
        }
        return ports.get(server);
    }

    /** Writes a file of JSON; whoever reads it finds it whole. */
    void write(String name, Map<String, ?> content) {
        OwnFile.write(path.resolve(name), JSON.writeValueAsBytes(content));
    }

    /** Removes a file. */
    void remove(String name) {
        OwnFile.delete(path.resolve(name));
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            Console.log().debug("The lock of {} was not closed", path, e);
        }
    }
}
