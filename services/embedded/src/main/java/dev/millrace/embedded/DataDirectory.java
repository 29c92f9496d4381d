package dev.millrace.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A server's folder, held by one process at a time. The operating system gives the lock back when
 * the process ends in whatever way, so a lock is never stale.
 */
final class DataDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "millrace.lock";

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static DataDirectory lock(String server, Path folder) {
        try {
            var path = Files.createDirectories(folder.toAbsolutePath().normalize()).toRealPath();
            var channel =
                    FileChannel.open(
                            path.resolve(LOCK_FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    throw inUse(server, path, holder(channel));
                }
                channel.truncate(0);
                channel.write(
                        ByteBuffer.wrap(
                                Long.toString(ProcessHandle.current().pid())
                                        .getBytes(StandardCharsets.US_ASCII)));
                return new DataDirectory(path, channel);
            } catch (OverlappingFileLockException _) {
                channel.close();
                throw inUse(server, path, "this process");
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new ServerStartException(
                    "%s cannot use its data folder %s: %s. Make it a folder that you may write to, or choose another one."
                            .formatted(server, folder, e),
                    e);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException _) {
            // The descriptor is gone in any case, and the lock with it.
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        var pid = new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
        return pid.isBlank() ? "another process" : "process " + pid.strip();
    }

    private static ServerStartException inUse(String server, Path path, String holder) {
        return new ServerStartException(
                "%s cannot use its data folder %s: %s holds it. Stop that one first, or choose another folder."
                        .formatted(server, path, holder));
    }
}
