package dev.millrace.local.run;

import dev.millrace.embedded.FreePorts;
import dev.millrace.local.CommandFailure;

import org.springframework.util.FileSystemUtils;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The folder that a pipeline's servers keep their data in. Held by one process at a time; remembers
 * which ports were used, so that addresses stay the same from run to run where they can.
 */
final class DataFolder implements AutoCloseable {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String OWNER = "millrace.json";

    private final Path path;
    private final FileChannel channel;
    private final Map<String, Integer> ports = new HashMap<>();

    private DataFolder(Path path, FileChannel channel) {
        this.path = path;
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
            check(path, pipeline, fresh);
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(
                            path.resolve("lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                throw new CommandFailure(
                        "A pipeline is running with the data in "
                                + path
                                + " already; stop it, or choose another folder with --data DIR");
            }
            DataFolder data = new DataFolder(path, channel);
            if (fresh) {
                data.empty();
            }
            data.readPorts();
            data.write(OWNER, Map.of("pipeline", pipeline, "ports", data.ports));
            return data;
        } catch (IOException e) {
            throw new CommandFailure(
                    "The data folder "
                            + path
                            + " cannot be used: "
                            + e.getMessage()
                            + "; choose another with --data DIR");
        }
    }

    private static void check(Path path, String pipeline, boolean fresh) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        Path owner = path.resolve(OWNER);
        if (!Files.exists(owner)) {
            try (Stream<Path> content = Files.list(path)) {
                if (content.anyMatch(file -> !file.endsWith("lock"))) {
                    throw new CommandFailure(
                            path
                                    + " holds something else than a pipeline's data; choose an empty folder with --data DIR");
                }
            }
            return;
        }
        String former = JSON.readTree(Files.readAllBytes(owner)).path("pipeline").asString("");
        if (!former.equals(pipeline) && !fresh) {
            throw new CommandFailure(
                    path
                            + " holds the data of the pipeline "
                            + former
                            + "; choose another folder with --data DIR, or delete that data with --fresh");
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void empty() throws IOException {
        try (Stream<Path> content = Files.list(path)) {
            for (Path file : content.filter(file -> !file.endsWith("lock")).toList()) {
                FileSystemUtils.deleteRecursively(file);
            }
        }
    }

    private void readPorts() throws IOException {
        Path owner = path.resolve(OWNER);
        if (Files.exists(owner)) {
            try {
                JsonNode saved = JSON.readTree(Files.readAllBytes(owner)).path("ports");
                saved.forEachEntry((name, port) -> ports.put(name, port.asInt(0)));
            } catch (JacksonException e) {
                // Only a convenience: other ports are chosen then.
                ports.clear();
            }
        }
    }

    /** Where a server keeps its data. */
    Path server(String name) {
        return path.resolve(name);
    }

    /** A free port for a server: the one of the last run where it can be had. */
    int port(String server, String pipeline) {
        Integer former = ports.get(server);
        if (former == null || former == 0 || !FreePorts.isFree(former)) {
            ports.put(server, FreePorts.one());
            write(OWNER, Map.of("pipeline", pipeline, "ports", ports));
        }
        return ports.get(server);
    }

    /** Writes a file of JSON; whoever reads it finds it whole. */
    void write(String name, Map<String, ?> content) {
        try {
            Path draft = path.resolve(name + ".new");
            Files.write(draft, JSON.writeValueAsBytes(content));
            Files.move(
                    draft,
                    path.resolve(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Removes a file. */
    void remove(String name) {
        try {
            Files.deleteIfExists(path.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
