package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

class EmbeddedRedisTest {

    @TempDir Path folder;

    @Test
    void keepsAcknowledgedWritesOverRestartAndCrash() throws IOException {
        int port;
        try (var redis = EmbeddedRedis.start(folder, 0)) {
            port = redis.port();
            assertThat(redis.url()).isEqualTo("redis://127.0.0.1:" + port);
            add(redis, "one");
            redis.restart();
            add(redis, "two");
            redis.kill();
            assertThatThrownBy(() -> add(redis, "never")).isInstanceOf(IOException.class);
            redis.restart();
            assertThat(redis.port()).isEqualTo(port);
            assertThat(size(redis)).isEqualTo(":2");
        }
        assertThat(FreePorts.isFree(port)).isTrue();
        try (var redis = EmbeddedRedis.start(folder, port)) {
            assertThat(size(redis)).isEqualTo(":2");
        }
    }

    @Test
    void losesEverythingWhenAsked() throws IOException {
        try (var redis = EmbeddedRedis.start(folder, 0)) {
            add(redis, "one");
            redis.flushAll();
            assertThat(size(redis)).isEqualTo(":0");
            add(redis, "two");
            redis.wipe();
            assertThat(size(redis)).isEqualTo(":0");
            redis.restart();
            assertThat(size(redis)).isEqualTo(":0");
        }
    }

    @Test
    void isSetUpForCounting() throws IOException {
        try (var redis = EmbeddedRedis.start(folder, 0)) {
            var major = Integer.parseInt(redis.version().substring(0, 1));
            var compact = major >= 7 ? "hash-max-listpack-entries" : "hash-max-ziplist-entries";
            assertThat(setting(redis, compact)).isEqualTo("32");
            assertThat(setting(redis, "appendonly")).isEqualTo("yes");
            assertThat(setting(redis, "appendfsync")).isEqualTo("everysec");
            assertThat(setting(redis, "maxmemory-policy")).isEqualTo("noeviction");
            assertThat(setting(redis, "save")).isEmpty();
            assertThat(setting(redis, "bind")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void runsTheProgramInTheClassPath() throws IOException {
        try (var redis = EmbeddedRedis.start(folder, 0, RedisProgram::carried)) {
            assertThat(redis.version()).isEqualTo("6.2");
            assertThat(setting(redis, "hash-max-ziplist-entries")).isEqualTo("32");
            add(redis, "one");
            redis.restart();
            assertThat(size(redis)).isEqualTo(":1");
        }
    }

    @Test
    void takesOnlyRecentProgramsFromThePath() throws IOException {
        var old = program("old", "Redis server v=6.0.16 sha=00000000:0");
        var recent = program("recent", "Redis server v=7.2.4 sha=00000000:0");
        assertThat(RedisProgram.onPath(old.getParent().toString())).isEmpty();
        assertThat(RedisProgram.onPath(null)).isEmpty();
        assertThat(RedisProgram.onPath("%s:%s".formatted(old.getParent(), recent.getParent())))
                .hasValue(new RedisProgram(recent, 7, 2));
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedRedis.start(folder, other.getLocalPort()))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void saysWhatRedisSaidWhenItsDataIsDamaged() throws IOException {
        try (var redis = EmbeddedRedis.start(folder, 0)) {
            add(redis, "one");
        }
        try (var files = Files.walk(folder)) {
            for (var file : files.filter(path -> path.toString().endsWith(".aof")).toList()) {
                Files.writeString(file, "*1\r\n$9\r\nNONSENSE!\r\n");
            }
        }
        assertThatThrownBy(() -> EmbeddedRedis.start(folder, 0))
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining("It said:")
                .hasMessageContaining("NONSENSE!");
    }

    @Test
    void stopsOneThatAnEarlierRunLeft() throws Exception {
        var port = FreePorts.one();
        var program = RedisProgram.find(folder.resolve("bin"));
        var configuration = folder.toRealPath().resolve("redis.conf");
        RedisFiles.configure(configuration, program, port);
        var leftover =
                new ProcessBuilder(program.path().toString(), configuration.toString())
                        .directory(folder.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            while (!Files.exists(folder.resolve(RedisFiles.PID)) || FreePorts.isFree(port)) {
                assertThat(leftover.isAlive()).isTrue();
                Thread.sleep(20);
            }
            RedisCommands.send(port, 5_000, "SET kept yes");
            try (var redis = EmbeddedRedis.start(folder, port)) {
                assertThat(leftover.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(size(redis)).isEqualTo(":1");
            }
        } finally {
            leftover.destroyForcibly();
        }
    }

    @Test
    void leavesOtherProgramsAlone() throws Exception {
        var other = new ProcessBuilder("sleep", "60").start();
        try {
            Files.writeString(folder.resolve(RedisFiles.PID), Long.toString(other.pid()));
            try (var redis = EmbeddedRedis.start(folder, 0)) {
                assertThat(size(redis)).isEqualTo(":0");
            }
            assertThat(other.isAlive()).isTrue();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void isOutOfReachOfCtrlC() throws Exception {
        try (var redis = EmbeddedRedis.start(folder, 0)) {
            var pid = Files.readString(folder.resolve(RedisFiles.PID)).strip();
            assertThat(processGroup(pid))
                    .isNotBlank()
                    .isNotEqualTo(processGroup(Long.toString(ProcessHandle.current().pid())));
            assertThat(size(redis)).isEqualTo(":0");
        }
    }

    private static String processGroup(String pid) throws IOException {
        var process = new ProcessBuilder("ps", "-o", "pgid=", "-p", pid).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                .strip();
    }

    private Path program(String name, String version) throws IOException {
        var file = Files.createDirectories(folder.resolve(name)).resolve("redis-server");
        Files.writeString(file, "#!/bin/sh\necho '%s'\n".formatted(version));
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private static void add(EmbeddedRedis redis, String key) throws IOException {
        assertThat(RedisCommands.send(redis.port(), 5_000, "SET %s x".formatted(key)))
                .isEqualTo("+OK");
    }

    private static String size(EmbeddedRedis redis) throws IOException {
        return RedisCommands.send(redis.port(), 5_000, "DBSIZE");
    }

    private static String setting(EmbeddedRedis redis, String name) throws IOException {
        try (var socket = new Socket("127.0.0.1", redis.port())) {
            socket.getOutputStream()
                    .write("CONFIG GET %s\r\n".formatted(name).getBytes(StandardCharsets.US_ASCII));
            var answer = new BufferedReader(new InputStreamReader(socket.getInputStream()));
            // The number of parts, then the length and the text of the name and of the value.
            for (var line = 0; line < 4; line++) {
                answer.readLine();
            }
            return answer.readLine();
        }
    }
}
