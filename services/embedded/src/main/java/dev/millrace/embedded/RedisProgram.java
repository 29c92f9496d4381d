package dev.millrace.embedded;

import redis.embedded.Redis;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.model.OsArchitecture;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A redis-server program and its version.
 *
 * @param path an executable file
 * @param major first number of the version
 * @param minor second number of the version
 */
record RedisProgram(Path path, int major, int minor) {

    static final String CHOSEN = "MILLRACE_REDIS_SERVER";

    private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+)\\.(\\d+)");

    /**
     * The program to run: the one that the environment names, else a recent one on the PATH, else
     * the one that this application carries.
     *
     * @param folder where the carried one may be unpacked
     */
    static RedisProgram find(Path folder) {
        var chosen = System.getenv(CHOSEN);
        if (chosen != null && !chosen.isBlank()) {
            return probe(Path.of(chosen))
                    .filter(RedisProgram::isRecent)
                    .orElseThrow(
                            () ->
                                    new ServerStartException(
                                            "%s names %s, which is no redis-server of version 6.2 or newer. Let it name one, or unset it."
                                                    .formatted(CHOSEN, chosen)));
        }
        return onPath(System.getenv("PATH")).orElseGet(() -> carried(folder));
    }

    static Optional<RedisProgram> onPath(String folders) {
        return Arrays.stream(Objects.requireNonNullElse(folders, "").split(File.pathSeparator))
                .filter(folder -> !folder.isBlank())
                .map(folder -> Path.of(folder, "redis-server"))
                .filter(Files::isExecutable)
                .flatMap(file -> probe(file).stream())
                .filter(RedisProgram::isRecent)
                .findFirst();
    }

    static RedisProgram carried(Path folder) {
        var file = folder.resolve("redis-server");
        try {
            unpack(file);
        } catch (IOException | RuntimeException e) {
            throw new ServerStartException(
                    "The redis-server that Millrace carries could not be unpacked: %s. %s"
                            .formatted(e, advice()),
                    e);
        }
        return probe(file)
                .filter(RedisProgram::isRecent)
                .orElseThrow(
                        () ->
                                new ServerStartException(
                                        "The redis-server that Millrace carries does not run on this machine. "
                                                + advice()));
    }

    /** The setting's name: Redis 7 calls the compact encoding a listpack. */
    String compact(String type) {
        return "%s-max-%s-entries".formatted(type, major >= 7 ? "listpack" : "ziplist");
    }

    private boolean isRecent() {
        return major > 6 || major == 6 && minor >= 2;
    }

    private static Optional<RedisProgram> probe(Path file) {
        try {
            var process =
                    new ProcessBuilder(file.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            var version = VERSION.matcher(text);
            return version.find()
                    ? Optional.of(
                            new RedisProgram(
                                    file,
                                    Integer.parseInt(version.group(1)),
                                    Integer.parseInt(version.group(2))))
                    : Optional.empty();
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("Interrupted while looking for a redis-server", e);
        }
    }

    private static void unpack(Path file) throws IOException {
        var resource =
                ExecutableProvider.newProvidedVersionsMap()
                        .get(OsArchitecture.detectOSandArchitecture());
        if (resource == null) {
            throw new IOException("there is none for this operating system");
        }
        Files.createDirectories(file.getParent());
        // Under another name first: a process that dies meanwhile leaves no half program behind.
        var part = Files.createTempFile(file.getParent(), "redis-server", ".part");
        try (InputStream program = Redis.class.getResourceAsStream(resource)) {
            Files.copy(
                    Objects.requireNonNull(program, resource),
                    part,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (!part.toFile().setExecutable(true)) {
            throw new IOException("cannot make %s executable".formatted(part));
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String advice() {
        return "Install Redis 6.2 or newer, or name a redis-server in %s.".formatted(CHOSEN);
    }
}
