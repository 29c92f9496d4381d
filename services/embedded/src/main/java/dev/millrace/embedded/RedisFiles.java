package dev.millrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** What lies in the folder of a Redis. */
final class RedisFiles {

    static final String PID = "redis.pid";

    // Redis 7 keeps several append-only files in a folder, Redis 6 keeps one.
    private static final List<String> DATA = List.of("appendonlydir", "appendonly.aof", "dump.rdb");

    // Above this many fields a linear search costs more than a hash table.
    private static final int COMPACT_ENTRIES = 32;

    private static final int LAST_LINES = 5;

    private RedisFiles() {}

    static void configure(Path file, RedisProgram program, int port) throws IOException {
        Files.writeString(
                file,
                """
                bind 127.0.0.1
                port %d
                dir ./
                pidfile ./%s
                set-proc-title no
                save ""
                appendonly yes
                appendfsync everysec
                maxmemory-policy noeviction
                %s %d
                %s %d
                """
                        .formatted(
                                port,
                                PID,
                                program.compact("hash"),
                                COMPACT_ENTRIES,
                                program.compact("zset"),
                                COMPACT_ENTRIES));
    }

    /** Deletes what the server keeps. It must not run. */
    static void delete(Path folder) {
        for (var name : DATA) {
            var data = folder.resolve(name);
            if (Files.exists(data)) {
                try (var files = Files.walk(data)) {
                    for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(file);
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException("Cannot delete the data of Redis", e);
                }
            }
        }
    }

    static String lastLines(Path log) {
        try {
            var lines =
                    new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.isBlank())
                            .toList();
            return lines.isEmpty()
                    ? "nothing"
                    : String.join(
                            "\n",
                            lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            return "nothing that could be read (%s)".formatted(e.getMessage());
        }
    }
}
