package dev.millrace.processor.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.processor.counting.Deltas;

import io.lettuce.core.api.sync.RedisCommands;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Counts and position move together, or not at all. */
class WindowStoreTest {
    private static final String MANIFEST =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: test}
            spec:
              clock: event
              streams:
                - name: events
                  fields: {at: {type: timestamp}, user: {type: string}, bytes: {type: integer}}
                  time: at
              metrics:
                - {name: bytes, measure: sum, of: bytes, windows: [WINDOW, all]}
                - {name: per_user, measure: unique, of: bytes, by: user, window: WINDOW}
            """;
    private static final Plan PLAN = ManifestReader.parse("test", MANIFEST.replace("WINDOW", "5m"));
    private static final Plan OTHER =
            ManifestReader.parse("test", MANIFEST.replace("WINDOW", "7m"));
    private static final Position START = new Position(0, 0);
    private static final Instant AT = Instant.parse("2015-05-17T10:05:03Z");

    @RegisterExtension static final WrittenState STATE = new WrittenState(PLAN);
    private static final TopicPartition PARTITION = STATE.partition(0);

    private final RedisCommands<String, String> redis = STATE.redis();
    private final WindowStore store = STATE.store();

    @BeforeEach
    void empty() {
        redis.flushall();
    }

    private static Deltas deltas(String user, long... bytes) {
        return STATE.count(
                AT,
                LongStream.of(bytes)
                        .mapToObj(
                                size ->
                                        "{\"at\":\"%s\",\"user\":\"%s\",\"bytes\":%d}"
                                                .formatted(AT, user, size))
                        .toList());
    }

    private long taken() {
        return store.take(List.of(PARTITION)).orElseThrow().get(PARTITION).owner();
    }

    private FlushOutcome flush(long owner, Optional<Position> from, Position to, Deltas deltas) {
        return store.flush(PARTITION, owner, from, to, 0, deltas).join();
    }

    /**
     * A Redis whose file was cut within a flush removes the cut command only, and executes the rest
     * of the flush with the next one when it is started a second time.
     */
    @Test
    void aPartOfAFlushIsNoticedAndEverythingBegunAnew() throws IOException {
        writeBeforeAnswering();
        store.begin();
        long owner = taken();
        flush(owner, Optional.empty(), new Position(2, 7), deltas("ann", 3, 4));
        Path file = appendOnlyFile();
        long before = Files.size(file);
        flush(owner, Optional.of(new Position(2, 7)), new Position(4, 8), deltas("ann", 10, 20));
        long after = Files.size(file);

        cut(file, before + (after - before) * 9 / 10);
        assertThat(redis.get("bytes:all")).isEqualTo("7");
        long other = store.take(List.of(PARTITION)).orElseThrow().get(PARTITION).owner();
        flush(other, Optional.of(new Position(2, 7)), new Position(4, 8), deltas("ann", 10, 20));
        assertThat(redis.get("bytes:all")).isEqualTo("37");

        cut(file, Files.size(file));
        FlushOutcome next =
                flush(other, Optional.of(new Position(4, 8)), new Position(4, 9), deltas("ann"));
        if (redis.get("bytes:all").equals("37")) {
            // A Redis without this fault.
            assertThat(next).isEqualTo(new FlushOutcome.Applied(0, Map.of()));
            return;
        }
        assertThat(next).isEqualTo(new FlushOutcome.Torn());
        assertThat(store.take(List.of(PARTITION))).isEmpty();
        assertThat(store.begin()).isTrue();
        assertThat(redis.keys("*"))
                .containsExactlyInAnyOrder("millrace:test:meta", "millrace:test:owners");
        long anew = taken();
        flush(anew, Optional.empty(), new Position(4, 8), deltas("ann", 3, 4, 10, 20));
        assertThat(redis.get("bytes:all")).isEqualTo("37");
    }

    private static Path appendOnlyFile() throws IOException {
        try (Stream<Path> files = Files.walk(STATE.folder())) {
            return files.filter(
                            file ->
                                    file.toString().endsWith(".incr.aof")
                                            || file.endsWith("appendonly.aof"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void cut(Path file, long size) throws IOException {
        STATE.server().kill();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
        STATE.server().restart();
        writeBeforeAnswering();
    }

    /** What is answered is in the file, however slow the disk is; else Redis may put it off. */
    private void writeBeforeAnswering() {
        redis.configSet("appendfsync", "always");
    }

    @Test
    void aFlushMovesCountsAndPosition() {
        assertThat(store.begin()).isTrue();
        assertThat(store.begin()).isFalse();
        long owner = taken();

        assertThat(flush(owner, Optional.empty(), new Position(2, 7), deltas("ann", 3, 4)))
                .isEqualTo(new FlushOutcome.Applied(0, Map.of()));

        assertThat(redis.get("bytes:all")).isEqualTo("7");
        assertThat(redis.get("bytes:201505171005")).isEqualTo("7");
        assertThat(redis.smembers("per_user:ann:201505171005")).containsExactlyInAnyOrder("3", "4");
        assertThat(store.positions(List.of(PARTITION)))
                .containsEntry(PARTITION, new Position(2, 7));
        assertThat(store.take(List.of(PARTITION)).orElseThrow().get(PARTITION).position())
                .contains(new Position(2, 7));
    }

    @Test
    void aFlushIsAppliedOnce() {
        store.begin();
        long owner = taken();
        flush(owner, Optional.empty(), new Position(1, 0), deltas("ann", 3));

        assertThat(flush(owner, Optional.empty(), new Position(1, 0), deltas("ann", 3)))
                .isEqualTo(new FlushOutcome.Refused("position is \"1:0\""));
        assertThat(redis.get("bytes:all")).isEqualTo("3");
    }

    @Test
    void aFormerOwnerIsRefused() {
        store.begin();
        long former = taken();
        taken();

        assertThat(flush(former, Optional.empty(), new Position(1, 0), deltas("ann", 3)))
                .isInstanceOf(FlushOutcome.Refused.class);
        assertThat(redis.get("bytes:all")).isNull();
    }

    @Test
    void aWipedStoreRefusesAndIsBegunAnew() {
        store.begin();
        long owner = taken();
        redis.flushall();

        assertThat(flush(owner, Optional.of(START), new Position(1, 0), deltas("ann", 3)))
                .isEqualTo(new FlushOutcome.Gone());
        assertThat(store.take(List.of(PARTITION))).isEmpty();
        assertThat(store.begin()).isTrue();
    }

    @Test
    void anotherPlanEmptiesTheStoreAndRefusesTheFormerOne() {
        store.begin();
        long owner = taken();
        flush(owner, Optional.empty(), new Position(1, 0), deltas("ann", 3));

        assertThat(STATE.store(OTHER).begin()).isTrue();

        assertThat(redis.keys("*")).allMatch(key -> key.startsWith("millrace:"));
        assertThat(redis.exists("millrace:test:positions")).isZero();
        assertThat(
                        flush(
                                owner,
                                Optional.of(new Position(1, 0)),
                                new Position(2, 0),
                                deltas("ann", 3)))
                .isEqualTo(new FlushOutcome.Superseded());
        assertThatThrownBy(() -> store.take(List.of(PARTITION)))
                .isInstanceOf(SupersededException.class);
    }

    @Test
    void aWriteThatRedisRefusesIsCountedAndStopsNothing() {
        store.begin();
        long owner = taken();
        redis.set("bytes:all", Long.toString(Long.MAX_VALUE - 1));
        redis.lpush("bytes:201505171005", "something else");

        assertThat(flush(owner, Optional.empty(), new Position(1, 0), deltas("ann", 3)))
                .isEqualTo(new FlushOutcome.Applied(2, Map.of()));
        assertThat(store.positions(List.of(PARTITION)))
                .containsEntry(PARTITION, new Position(1, 0));
        assertThat(redis.smembers("per_user:ann:201505171005")).containsExactly("3");
    }

    @Test
    void purgingRemovesWhatHasExpiredAndKeepsTheRest() {
        store.begin();
        long owner = taken();
        flush(owner, Optional.empty(), new Position(2, 0), deltas("ann", 3, 4));

        store.purge(AT.plus(Duration.ofMinutes(20)).toEpochMilli());
        assertThat(redis.exists("bytes:201505171005", "per_user:ann:201505171005")).isEqualTo(2);
        store.purge(AT.plus(Duration.ofHours(1)).toEpochMilli());

        assertThat(redis.keys("*"))
                .filteredOn(key -> !key.startsWith("millrace:"))
                .containsExactly("bytes:all");
        assertThat(redis.zrange("millrace:test:changes", 0, -1)).containsExactly("bytes:all");
    }

    @Test
    void lossesAreAddedUp() {
        store.begin();
        long owner = taken();
        store.flush(PARTITION, owner, Optional.empty(), new Position(50, 0), 50, deltas("ann"))
                .join();

        assertThat(redis.hget("millrace:test:losses", "events:0")).isEqualTo("50");
    }
}
