package dev.millrace.local.run;

import dev.millrace.embedded.EmbeddedRegistry;
import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;

import org.springframework.util.FileSystemUtils;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The schema registry's program. It is large, and only pipelines with Avro need it: so it is
 * fetched, with Maven, when one runs for the first time, and kept.
 */
final class RegistryProgram {
    /** The environment variable that names another folder with an unpacked Apicurio. */
    static final String CHOSEN = "MILLRACE_REGISTRY";

    private static final String VERSION = "3.3.3";
    private static final String ARTIFACT =
            "io.apicurio:apicurio-registry-app:" + VERSION + ":tar.gz:all";
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.10.0";

    private RegistryProgram() {}

    /**
     * The folder of the unpacked program; fetches it where it is not there.
     *
     * @throws CommandFailure where it cannot be had, with what to do
     */
    static Path folder() {
        String chosen = System.getenv(CHOSEN);
        if (chosen != null && !chosen.isBlank()) {
            Path folder = Path.of(chosen);
            if (!isThere(folder)) {
                throw new CommandFailure(
                        "%s names %s, which is no unpacked Apicurio: there is no %s in it. Let it name one, or unset it."
                                .formatted(CHOSEN, chosen, EmbeddedRegistry.PROGRAM));
            }
            return folder;
        }
        Path folder =
                RunningPipelines.home()
                        .toAbsolutePath()
                        .resolve(".registry")
                        .resolve("apicurio-" + VERSION);
        return isThere(folder) ? folder : fetch(folder);
    }

    private static boolean isThere(Path folder) {
        return Files.isRegularFile(folder.resolve(EmbeddedRegistry.PROGRAM));
    }

    /** Unpacks it elsewhere first, so that a run that is cut off leaves no half program behind. */
    private static Path fetch(Path folder) {
        Console.say("  Fetching the schema registry, once: 160 MB, with Maven");
        Path draft = null;
        try {
            Files.createDirectories(folder.getParent());
            draft = Files.createTempDirectory(folder.getParent(), ".fetching-");
            Path log = draft.resolve("maven.log");
            Path unpacked = draft.resolve("unpacked");
            Process maven =
                    new ProcessBuilder(
                                    List.of(
                                            "mvn",
                                            "--batch-mode",
                                            PLUGIN + ":unpack",
                                            "-Dartifact=" + ARTIFACT,
                                            "-DoutputDirectory=" + unpacked))
                            .directory(draft.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                            .start();
            int status = maven.waitFor();
            if (status != 0 || !isThere(unpacked)) {
                throw failed(
                        Files.readAllLines(log).stream()
                                .filter(line -> line.startsWith("[ERROR]"))
                                .findFirst()
                                .orElse("Maven ended with status " + status));
            }
            if (!isThere(folder)) {
                Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
            }
            return folder;
        } catch (IOException e) {
            if (isThere(folder)) {
                // another run was quicker
                return folder;
            }
            throw failed(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("interrupted");
        } finally {
            delete(draft);
        }
    }

    private static CommandFailure failed(String why) {
        return new CommandFailure(
                "The schema registry could not be fetched: %s. Avro streams need it: make Maven and its repository reachable, or unpack %s and name the folder in %s."
                        .formatted(why, ARTIFACT, CHOSEN));
    }

    private static void delete(Path draft) {
        try {
            if (draft != null) {
                FileSystemUtils.deleteRecursively(draft);
            }
        } catch (IOException e) {
            Console.log().debug("{} was not deleted", draft, e);
        }
    }
}
