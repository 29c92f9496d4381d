package dev.millrace.processor.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.LogBuckets;
import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.Range;
import io.lettuce.core.api.sync.RedisCommands;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * What the state must be, counted by plain maps from the events as they are made; and the events.
 */
final class Model {
    private final Random random;
    private final Map<String, Long> hits = new HashMap<>();
    private final Map<String, Map<String, Long>> pages = new HashMap<>();
    private final Map<String, Long> bytes = new HashMap<>();
    private final Map<String, Map<String, Long>> revenue = new HashMap<>();
    private final Map<String, Set<String>> users = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> pagesOf = new HashMap<>();
    private final Map<String, Set<String>> allPages = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> bytesOf = new HashMap<>();
    private final Map<String, List<Long>> sizes = new HashMap<>();
    private final Map<String, List<Long>> debts = new HashMap<>();
    private final Map<String, Map<String, List<Long>>> prices = new HashMap<>();
    private final Map<String, Map<String, Long>> pieces = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private long valid;
    private long invalid;

    Model(long seed) {
        this.random = new Random(seed);
    }

    long valid() {
        return valid;
    }

    long invalid() {
        return invalid;
    }

    /** An event, and where it comes in the log. */
    private record Sent(long time, int partition, String user, long bytes, Long debt) {
        String row(String value) {
            return time + ":" + partition + ":{\"value\":\"" + value + "\"}";
        }
    }

    /** Some events about a time; about one in ten does not count. */
    List<byte[]> events(int count, Instant about) {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            // sent by turns, so that the partition is known
            int partition = i % 2;
            events.add(
                    (random.nextInt(10) == 0 ? broken() : event(about, partition))
                            .getBytes(StandardCharsets.UTF_8));
        }
        return events;
    }

    private String broken() {
        invalid++;
        return switch (random.nextInt(4)) {
            case 0 -> "garbage " + random.nextInt();
            case 1 -> "{\"user\":\"u1\",\"bytes\":1}";
            case 2 -> "{\"at\":\"2024-01-01T00:00:00Z\",\"user\":\"u1\",\"bytes\":\"many\"}";
            default -> "[]";
        };
    }

    private String event(Instant about, int partition) {
        valid++;
        Instant at = about.minusSeconds(random.nextInt(600)).truncatedTo(ChronoUnit.SECONDS);
        String user = "u" + random.nextInt(7);
        String page = random.nextInt(5) == 0 ? null : "/p" + random.nextInt(5);
        long size = random.nextInt(10);
        Integer cents = random.nextBoolean() ? random.nextInt(1_000) : null;
        Long debt =
                switch (random.nextInt(10)) {
                    case 0 -> null;
                    case 1 -> (1L << 53) + random.nextInt(100);
                    case 2 -> -(1L << 53) - random.nextInt(100);
                    default -> random.nextLong(-1_000, 1_000);
                };
        List<String> lines = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            lines.add(
                    "{\"sku\":\"s%d\",\"pieces\":%d}"
                            .formatted(random.nextInt(3), random.nextInt(5)));
        }
        sent.add(new Sent(at.toEpochMilli(), partition, user, size, debt));
        for (String bucket : List.of(Granularity.MINUTE.stamp(at.toEpochMilli()), "all")) {
            hits.merge(bucket, 1L, Long::sum);
            bytes.merge(bucket, size, Long::sum);
            for (String line : lines) {
                String[] parts = line.split("\"|:|}");
                pieces.computeIfAbsent(bucket, any -> new HashMap<>())
                        .merge(parts[4], Long.parseLong(parts[parts.length - 1]), Long::sum);
            }
            sizes.computeIfAbsent(bucket, any -> new ArrayList<>()).add(size);
            if (debt != null) {
                debts.computeIfAbsent(bucket, any -> new ArrayList<>()).add(debt);
            }
            if (cents != null) {
                prices.computeIfAbsent(bucket, any -> new HashMap<>())
                        .computeIfAbsent(user, any -> new ArrayList<>())
                        .add(cents * 10_000L);
            }
            users.computeIfAbsent(bucket, any -> new HashSet<>()).add(user);
            revenue.computeIfAbsent(bucket, any -> new HashMap<>())
                    .merge(user, cents == null ? 0 : cents * 10_000L, Long::sum);
            if (size > 3) {
                pages.computeIfAbsent(bucket, any -> new HashMap<>())
                        .merge(page == null ? "\u0018" : page, 1L, Long::sum);
            }
            bytesOf.computeIfAbsent(bucket, any -> new HashMap<>())
                    .computeIfAbsent(user, any -> new HashSet<>())
                    .add(Long.toString(size));
            if (page != null) {
                allPages.computeIfAbsent(bucket, any -> new HashSet<>()).add(page);
                pagesOf.computeIfAbsent(bucket, any -> new HashMap<>())
                        .computeIfAbsent(user, any -> new HashSet<>())
                        .add(page);
            }
        }
        return "{\"at\":\"%s\",\"user\":\"%s\",\"bytes\":%d%s%s%s,\"lines\":%s}"
                .formatted(
                        at,
                        user,
                        size,
                        page == null ? "" : ",\"page\":\"" + page + "\"",
                        cents == null
                                ? ""
                                : ",\"price\":" + cents / 100 + "." + "%02d".formatted(cents % 100),
                        debt == null ? "" : ",\"debt\":" + debt,
                        lines);
    }

    /** How many events Redis says were seen. */
    static long seen(RedisCommands<String, String> redis, String pipeline) {
        return redis.hgetall("millrace:" + pipeline + ":totals").values().stream()
                .mapToLong(Long::parseLong)
                .sum();
    }

    /** Every bucket in Redis is exactly as counted here. */
    void verify(RedisCommands<String, String> redis, String pipeline) {
        Map<String, String> totals = redis.hgetall("millrace:" + pipeline + ":totals");
        assertThat(totals).containsEntry("valid", Long.toString(valid));
        hits.forEach(
                (bucket, count) ->
                        assertThat(redis.get("hits:" + bucket))
                                .as("hits " + bucket)
                                .isEqualTo(count.toString()));
        bytes.forEach(
                (bucket, sum) ->
                        assertThat(redis.get("bytes:" + bucket))
                                .as("bytes " + bucket)
                                .isEqualTo(sum.toString()));
        WholeBuckets buckets = new WholeBuckets(redis);
        pages.forEach(
                (bucket, groups) ->
                        assertThat(buckets.totals("pages:" + bucket))
                                .as("pages " + bucket)
                                .isEqualTo(groups));
        revenue.forEach(
                (bucket, groups) ->
                        assertThat(buckets.totals("revenue:" + bucket))
                                .as("revenue " + bucket)
                                .isEqualTo(groups));
        users.forEach(
                (bucket, values) ->
                        assertThat(buckets.values("users:" + bucket))
                                .as("users " + bucket)
                                .isEqualTo(values));
        pagesOf.forEach(
                (bucket, groups) ->
                        assertThat(buckets.groupValues("pages_of:" + bucket))
                                .as("pages of " + bucket)
                                .isEqualTo(groups));
        verifyEstimates(buckets);
        verifyNumbers(redis);
        verifyRows(redis);
        assertThat(redis.zrangebyscore("millrace:" + pipeline + ":changes", Range.unbounded()))
                .contains("hits:all", "pages_of:all");
    }

    /** The registers are those of all values, to the last one. */
    private void verifyEstimates(WholeBuckets buckets) {
        allPages.forEach(
                (bucket, values) ->
                        assertThat(buckets.estimate("about_pages:" + bucket))
                                .as("about pages " + bucket)
                                .isEqualTo(HyperLogLog.of(values)));
        bytesOf.forEach(
                (bucket, groups) -> {
                    Map<String, HyperLogLog> logs = new HashMap<>();
                    groups.forEach((user, values) -> logs.put(user, HyperLogLog.of(values)));
                    assertThat(buckets.groupEstimates("about_bytes:" + bucket))
                            .as("about bytes of " + bucket)
                            .isEqualTo(logs);
                });
    }

    /** Rows are those of the newest events, by time, then partition, then place in the log. */
    private void verifyRows(RedisCommands<String, String> redis) {
        Map<String, Sent> states = new HashMap<>();
        Map<String, Sent> debtors = new HashMap<>();
        for (Sent event : sent) {
            states.merge(event.user(), event, Model::newer);
            if (event.debt() != null) {
                debtors.merge(event.debt().toString(), event, Model::newer);
            }
        }
        Map<String, String> rows = new HashMap<>();
        states.forEach((user, event) -> rows.put(user, event.row(Long.toString(event.bytes()))));
        assertThat(redis.hgetall("states:all")).isEqualTo(rows);
        assertThat(redis.get("states:all:dropped")).isNull();

        List<String> newest =
                debtors.entrySet().stream()
                        .sorted(
                                Comparator.comparing(
                                                (Map.Entry<String, Sent> entry) ->
                                                        entry.getValue().time())
                                        .thenComparing(Map.Entry::getKey)
                                        .reversed())
                        .limit(50)
                        .map(Map.Entry::getKey)
                        .toList();
        rows.clear();
        newest.forEach(debt -> rows.put(debt, debtors.get(debt).row(debtors.get(debt).user())));
        assertThat(redis.hgetall("debtors:all")).isEqualTo(rows);
        assertThat(redis.zrange("debtors:all:times", 0, -1)).isEqualTo(newest.reversed());
        assertThat(redis.zrange("debtors:all:changes", 0, -1))
                .containsExactlyInAnyOrderElementsOf(newest);
        if (debtors.size() > 50) {
            assertThat(Long.parseLong(redis.get("debtors:all:dropped")))
                    .isGreaterThanOrEqualTo(debtors.size() - 50);
        }
    }

    private static Sent newer(Sent known, Sent next) {
        boolean older =
                next.time() < known.time()
                        || next.time() == known.time() && next.partition() < known.partition();
        return older ? known : next;
    }

    private void verifyNumbers(RedisCommands<String, String> redis) {
        sizes.forEach(
                (bucket, numbers) ->
                        assertThat(redis.hgetall("usual_bytes:" + bucket))
                                .as("usual bytes " + bucket)
                                .isEqualTo(
                                        Map.of(
                                                "sum",
                                                sum(numbers),
                                                "count",
                                                Integer.toString(numbers.size()))));
        debts.forEach(
                (bucket, numbers) -> {
                    assertThat(redis.get("least_debt:" + bucket))
                            .as("least debt " + bucket)
                            .isEqualTo(Collections.min(numbers).toString());
                    assertThat(redis.hgetall("debts:" + bucket))
                            .as("debts " + bucket)
                            .isEqualTo(distribution(numbers, ""));
                });
        pieces.forEach(
                (bucket, groups) -> {
                    assertThat(new WholeBuckets(redis).totals("pieces:" + bucket))
                            .as("pieces " + bucket)
                            .isEqualTo(groups);
                });
        prices.forEach(
                (bucket, groups) -> {
                    Map<String, String> usual = new HashMap<>();
                    Map<String, String> best = new HashMap<>();
                    Map<String, String> all = new HashMap<>();
                    groups.forEach(
                            (user, numbers) -> {
                                usual.put("sum:" + user, sum(numbers));
                                usual.put("count:" + user, Integer.toString(numbers.size()));
                                best.put(user, Collections.max(numbers).toString());
                                all.putAll(distribution(numbers, ":" + user));
                            });
                    assertThat(redis.hgetall("usual_price:" + bucket)).isEqualTo(usual);
                    assertThat(redis.hgetall("best_price:" + bucket)).isEqualTo(best);
                    assertThat(redis.hgetall("prices:" + bucket)).isEqualTo(all);
                });
    }

    private static String sum(List<Long> numbers) {
        return Long.toString(numbers.stream().mapToLong(Long::longValue).sum());
    }

    private static Map<String, String> distribution(List<Long> numbers, String suffix) {
        Map<String, Integer> counts = new HashMap<>();
        numbers.forEach(
                number -> counts.merge(LogBuckets.bucket(number) + suffix, 1, Integer::sum));
        Map<String, String> fields = new HashMap<>();
        counts.forEach((bucket, count) -> fields.put(bucket, count.toString()));
        fields.put("sum" + suffix, sum(numbers));
        fields.put("min" + suffix, Collections.min(numbers).toString());
        fields.put("max" + suffix, Collections.max(numbers).toString());
        return fields;
    }
}
