package dev.millrace.processor.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;

import io.lettuce.core.api.sync.RedisCommands;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Buckets keep a limited number of groups; nothing of the others is lost but who they were. */
class ManyGroupsTest {
    private static final int MOST = 5;
    private static final Instant AT = Instant.parse("2026-11-21T10:42:00Z");
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: many}
                    spec:
                      clock: event
                      streams:
                        - name: events
                          fields: {at: {type: timestamp}, user: {type: string}, number: {type: integer}}
                          time: at
                      metrics:
                        - {name: hits, measure: count, by: user, window: all, maxGroups: 5}
                        - {name: total, measure: sum, of: number, by: user, window: all, maxGroups: 5}
                        - {name: usual, measure: average, of: number, by: user, window: all, maxGroups: 5}
                        - {name: most, measure: max, of: number, by: user, window: all, maxGroups: 5}
                        - {name: spread, measure: percentiles, of: number, by: user, window: all, maxGroups: 5}
                        - {name: numbers, measure: unique, of: number, by: user, window: all, maxGroups: 5}
                    """);
    @RegisterExtension static final WrittenState STATE = new WrittenState(PLAN);

    private final RedisCommands<String, String> redis = STATE.redis();
    private final List<Sent> all = new ArrayList<>();

    private record Sent(String user, long number) {
        String json() {
            return "{\"at\":\"%s\",\"user\":\"%s\",\"number\":%d}".formatted(AT, user, number);
        }
    }

    private void flush(List<Sent> events) {
        all.addAll(events);
        assertThat(STATE.flush(0, AT, events.stream().map(Sent::json).toList()))
                .isEqualTo(new FlushOutcome.Applied(0, Map.of()));
    }

    @Test
    void totalsStayExactAndTheKeptGroupsToo() {
        Random random = new Random(31);
        // These come first, and come most often.
        List<String> heavy = List.of("h0", "h1", "h2");
        for (int round = 0; round < 20; round++) {
            List<Sent> events = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String user =
                        round == 0 || random.nextBoolean()
                                ? heavy.get(random.nextInt(3))
                                : "u" + random.nextInt(50);
                events.add(new Sent(user, random.nextInt(-9, 100)));
            }
            flush(events);
            verify(heavy);
        }
        assertThat(redis.hgetall("spread:all")).containsKey("sum:" + GroupKey.OTHER);
        assertThat(redis.zscore("hits:all", GroupKey.OTHER)).isPositive();
        assertThat(redis.keys("numbers:*:all")).hasSize(MOST + 1);
    }

    private void verify(List<String> heavy) {
        Map<String, Long> hits = new HashMap<>();
        redis.zrangeWithScores("hits:all", 0, -1)
                .forEach(hit -> hits.put(hit.getValue(), (long) hit.getScore()));
        assertThat(hits.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(all.size());
        heavy.forEach(user -> assertThat(hits.get(user)).isEqualTo(of(user).size()));
        assertThat(without(hits.keySet())).hasSizeLessThanOrEqualTo(MOST);

        // Which of those that come at once are kept may differ from metric to metric.
        Map<String, String> total = redis.hgetall("total:all");
        assertThat(without(total.keySet())).hasSizeLessThanOrEqualTo(MOST).containsAll(heavy);
        total.forEach(
                (group, sum) ->
                        assertThat(sum).isEqualTo(Long.toString(sum(of(group, total.keySet())))));
        Map<String, String> most = redis.hgetall("most:all");
        assertThat(without(most.keySet())).hasSizeLessThanOrEqualTo(MOST).containsAll(heavy);
        most.forEach(
                (group, greatest) ->
                        assertThat(of(group, most.keySet()))
                                .contains(Long.parseLong(greatest))
                                .allMatch(number -> number <= Long.parseLong(greatest)));
        Map<String, String> usual = redis.hgetall("usual:all");
        Set<String> averaged = groups(usual, "count:");
        assertThat(without(averaged)).hasSizeLessThanOrEqualTo(MOST).containsAll(heavy);
        averaged.forEach(
                group -> {
                    List<Long> numbers = of(group, averaged);
                    assertThat(usual)
                            .containsEntry("sum:" + group, Long.toString(sum(numbers)))
                            .containsEntry("count:" + group, Integer.toString(numbers.size()));
                });
        Set<String> sets = new HashSet<>(redis.zrange("numbers:all", 0, -1));
        assertThat(without(sets)).hasSizeLessThanOrEqualTo(MOST).containsAll(heavy);
        sets.forEach(
                group -> {
                    Set<String> texts = texts(of(group, sets));
                    assertThat(redis.smembers("numbers:" + group + ":all")).isEqualTo(texts);
                    assertThat(redis.zscore("numbers:all", group)).isEqualTo(texts.size());
                });
        Map<String, String> spread = redis.hgetall("spread:all");
        Set<String> spreadGroups = groups(spread, "sum:");
        assertThat(without(spreadGroups)).hasSizeLessThanOrEqualTo(MOST);
        spreadGroups.forEach(
                group ->
                        assertThat(spread.get("sum:" + group))
                                .isEqualTo(Long.toString(sum(of(group, spreadGroups)))));
    }

    private static Set<String> groups(Map<String, String> fields, String prefix) {
        Set<String> groups = new HashSet<>();
        fields.keySet().stream()
                .filter(field -> field.startsWith(prefix))
                .forEach(field -> groups.add(field.substring(prefix.length())));
        return groups;
    }

    private static long sum(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).sum();
    }

    /** The numbers of a group; those of all that are not there for the others' group. */
    private List<Long> of(String group, Set<String> groups) {
        return group.equals(GroupKey.OTHER) ? notOf(without(groups)) : of(group);
    }

    private List<Long> of(String user) {
        return all.stream().filter(sent -> sent.user().equals(user)).map(Sent::number).toList();
    }

    private List<Long> notOf(Set<String> users) {
        return all.stream().filter(sent -> !users.contains(sent.user())).map(Sent::number).toList();
    }

    private static Set<String> without(Set<String> groups) {
        Set<String> kept = new HashSet<>(groups);
        kept.remove(GroupKey.OTHER);
        return kept;
    }

    private static Set<String> texts(List<Long> numbers) {
        Set<String> texts = new HashSet<>();
        numbers.forEach(number -> texts.add(number.toString()));
        return texts;
    }
}
