package dev.millrace.processor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import io.lettuce.core.api.sync.RedisCommands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/** What flushes make of extremes, percentiles and rows, whichever partition comes first. */
class MeasuresStoreTest {
    private static final Instant AT = Instant.parse("2015-05-17T10:05:03Z");
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: test}
                    spec:
                      clock: event
                      streams:
                        - name: events
                          fields: {at: {type: timestamp}, user: {type: string}, number: {type: integer}}
                          time: at
                      metrics:
                        - {name: least, measure: min, of: number, window: all}
                        - {name: most, measure: max, of: number, by: user, window: all}
                        - {name: usual, measure: average, of: number, by: user, window: all}
                        - {name: spread, measure: percentiles, of: number, by: user, window: all}
                        - {name: rows, measure: latest, key: user, value: number, rows: 5}
                    """);
    @RegisterExtension static final WrittenState STATE = new WrittenState(PLAN);

    private final RedisCommands<String, String> redis = STATE.redis();

    private record Sent(int partition, long seconds, String user, long number) {
        String json() {
            return "{\"at\":\"%s\",\"user\":\"%s\",\"number\":%d}"
                    .formatted(AT.plusSeconds(seconds), user, number);
        }
    }

    private static FlushOutcome flush(int partition, List<Sent> events) {
        return STATE.flush(partition, AT, events.stream().map(Sent::json).toList());
    }

    private Map<String, Object> state() {
        Map<String, Object> state = new HashMap<>();
        state.put("least", redis.get("least:all"));
        for (String hash : List.of("most:all", "usual:all", "spread:all", "rows:all")) {
            state.put(hash, redis.hgetall(hash));
        }
        state.put("times", redis.zrangeWithScores("rows:all:times", 0, -1));
        return state;
    }

    @Test
    void theStateDoesNotDependOnTheOrderOfPartitionsNorOnWhereFlushesEnd() {
        Random random = new Random(11);
        List<List<Sent>> partitions = new ArrayList<>();
        for (int partition = 0; partition < 3; partition++) {
            List<Sent> events = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                long number =
                        random.nextInt(8) == 0
                                ? random.nextLong(-(1L << 60), 1L << 60) / 100
                                : random.nextInt(-20, 20);
                events.add(new Sent(partition, random.nextInt(4), "u" + random.nextInt(9), number));
            }
            partitions.add(events);
        }
        Set<Map<String, Object>> states = new HashSet<>();
        for (int round = 0; round < 12; round++) {
            STATE.begin();
            List<Integer> turns =
                    partitions.stream()
                            .flatMap(List::stream)
                            .map(Sent::partition)
                            .collect(Collectors.toCollection(ArrayList::new));
            Collections.shuffle(turns, random);
            Map<Integer, Integer> next = new HashMap<>();
            for (int at = 0; at < turns.size(); ) {
                int partition = turns.get(at);
                int size = 1;
                while (at + size < turns.size() && turns.get(at + size) == partition) {
                    size++;
                }
                int from = next.getOrDefault(partition, 0);
                next.put(partition, from + size);
                assertThat(flush(partition, partitions.get(partition).subList(from, from + size)))
                        .isEqualTo(new FlushOutcome.Applied(0, Map.of()));
                at += size;
            }
            states.add(state());
        }
        assertThat(states).hasSize(1);
        assertThat(redis.hlen("rows:all")).isEqualTo(5);
    }

    @Test
    void extremesAreExactToTheLastOfSixtyFourBits() {
        long[] numbers = {
            5,
            -5,
            10,
            -10,
            0,
            9007199254740993L,
            9007199254740992L,
            -9007199254740993L,
            -9007199254740992L,
            Long.MAX_VALUE - 1,
            Long.MAX_VALUE,
            Long.MIN_VALUE + 1,
            Long.MIN_VALUE
        };
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (long number : numbers) {
            flush(0, List.of(new Sent(0, 0, "ann", number)));
            least = Math.min(least, number);
            most = Math.max(most, number);
            assertThat(redis.get("least:all")).isEqualTo(Long.toString(least));
            assertThat(redis.hget("most:all", "ann")).isEqualTo(Long.toString(most));
            assertThat(redis.hget("spread:all", "min:ann")).isEqualTo(Long.toString(least));
        }
    }

    @Test
    void keysOfOthersStopNothing() {
        redis.lpush("least:all", "something else");
        redis.set("most:all", "something else");
        redis.set("spread:all", "something else");
        redis.set("rows:all", "something else");
        redis.hset("usual:all", "sum:ann", "something else");

        assertThat(flush(0, List.of(new Sent(0, 0, "ann", 7))))
                .isInstanceOfSatisfying(
                        FlushOutcome.Applied.class,
                        applied -> assertThat(applied.failedWrites()).isPositive());
        assertThat(redis.hget("usual:all", "count:ann")).isEqualTo("1");
        assertThat(flush(0, List.of(new Sent(0, 1, "bob", 8))))
                .isInstanceOf(FlushOutcome.Applied.class);
        assertThat(redis.hget("usual:all", "sum:bob")).isEqualTo("8");
    }
}
