package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClients;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** What is left when a JVM with servers gets a SIGKILL: all data, and nothing else. */
class KilledProcessTest {

    @TempDir Path folder;

    @Test
    void keepsTheDataOfAllServers() throws Exception {
        try (var other = ServersInAnotherProcess.fork(folder)) {
            var holder = "process %d holds it".formatted(other.pid());
            assertInUse(holder, () -> EmbeddedKafka.start(folder.resolve("kafka"), 0));
            assertInUse(holder, () -> EmbeddedRedis.start(folder.resolve("redis"), 0));
            assertInUse(holder, () -> EmbeddedMongo.start(folder.resolve("mongo"), 0, "test"));

            var redisProcess =
                    Long.parseLong(Files.readString(folder.resolve("redis/redis.pid")).strip());
            other.kill();
            assertEnds(redisProcess, folder.toRealPath().resolve("redis/redis.conf").toString());

            try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"), other.kafkaPort())) {
                assertThat(KafkaClients.read(kafka, "events", ServersInAnotherProcess.WRITES))
                        .isEqualTo(ServersInAnotherProcess.names());
            }
            try (var redis = EmbeddedRedis.start(folder.resolve("redis"), other.redisPort())) {
                assertThat(RedisCommands.send(redis.port(), 5_000, "DBSIZE"))
                        .isEqualTo(":" + ServersInAnotherProcess.WRITES);
            }
            try (var mongo =
                            EmbeddedMongo.start(
                                    folder.resolve("mongo"), other.mongoPort(), "test");
                    var client = MongoClients.create(mongo.uri())) {
                assertThat(
                                client.getDatabase("test")
                                        .getCollection("events")
                                        .find()
                                        .map(event -> event.getString("_id")))
                        .containsExactlyElementsOf(ServersInAnotherProcess.names());
            }
        }
    }

    @Test
    void isNotOpenedTwiceByOneProcess() {
        try (var first = EmbeddedRedis.start(folder, 0)) {
            assertInUse("this process holds it", () -> EmbeddedRedis.start(folder, 0));
            first.flushAll();
        }
    }

    private static void assertInUse(String holder, ThrowingCallable start) {
        assertThatThrownBy(start)
                .isInstanceOf(ServerStartException.class)
                .hasMessageContaining(holder)
                .hasMessageContaining("choose another folder");
    }

    private static void assertEnds(long pid, String argument) throws InterruptedException {
        var patience = Instant.now().plus(Duration.ofSeconds(60));
        while (ProcessHandle.of(pid)
                .filter(process -> LeftoverProcess.isRunning(process, argument))
                .isPresent()) {
            assertThat(Instant.now()).isBefore(patience);
            Thread.sleep(20);
        }
    }
}
