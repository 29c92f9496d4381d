package dev.millrace.local.database;

import org.tukaani.xz.XZInputStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** The programs of a database server that a Maven artifact carries, unpacked once for a build. */
final class Archive {
    private static final Path FOLDER = Path.of("target/databases");

    private Archive() {}

    /** The folder with the programs; {@code null} where there are none for this machine. */
    static Path unpacked(String resource) throws IOException, InterruptedException {
        boolean fits =
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64");
        if (!fits) {
            return null;
        }
        Path folder = FOLDER.resolve(resource).toAbsolutePath();
        if (Files.exists(folder)) {
            return folder;
        }
        Files.createDirectories(FOLDER);
        Path draft = Files.createTempDirectory(FOLDER.toAbsolutePath(), "unpacking");
        Process tar =
                new ProcessBuilder("tar", "-x", "--no-same-owner", "-C", draft.toString())
                        .inheritIO()
                        .redirectInput(ProcessBuilder.Redirect.PIPE)
                        .start();
        try (InputStream packed = Archive.class.getResourceAsStream("/" + resource);
                InputStream plain =
                        resource.endsWith("xz")
                                ? new XZInputStream(packed)
                                : new GZIPInputStream(packed);
                OutputStream entries = tar.getOutputStream()) {
            plain.transferTo(entries);
        }
        if (tar.waitFor() != 0) {
            throw new IOException(resource + " cannot be unpacked in " + draft);
        }
        return Files.move(draft, folder);
    }
}
