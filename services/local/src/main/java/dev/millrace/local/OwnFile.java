package dev.millrace.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Small files that are whole or not there, and that only their owner may read: the address of a
 * store may hold a password.
 */
public final class OwnFile {
    /** What ends the name of a file while it is being written. */
    public static final String DRAFT = ".new";

    private OwnFile() {}

    /**
     * Writes a file in place of a former one.
     *
     * @throws CommandFailure when it cannot be written
     */
    public static void write(Path file, byte[] content) {
        try {
            open(file, content).close();
        } catch (IOException e) {
            throw new CommandFailure(
                    file + " cannot be written: " + e + "; make its folder one that you may use");
        }
    }

    /** Like {@link #write}; gives the open file, which the caller closes. */
    static FileChannel open(Path file, byte[] content) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + DRAFT);
        Files.deleteIfExists(draft);
        FileChannel channel =
                FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        ownerOnly());
        try {
            channel.lock();
            for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                channel.write(rest);
            }
            Files.move(
                    draft,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Deletes a file, if it is there.
     *
     * @throws CommandFailure when it cannot be deleted
     */
    public static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new CommandFailure(file + " cannot be deleted: " + e);
        }
    }
}
