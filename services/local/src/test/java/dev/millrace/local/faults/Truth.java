package dev.millrace.local.faults;

import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.api.sync.RedisCommands;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Makes events, and counts them by plain maps while it does: what the numbers must be in the end.
 * Knows nothing of the code that counts them otherwise. For one thread at a time.
 */
final class Truth {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuuMMddHHmm").withZone(ZoneOffset.UTC);

    private final Random random;
    private final Map<String, Long> hits = new HashMap<>();
    private final Map<String, Long> bytes = new HashMap<>();
    private final Map<String, Map<String, Long>> pages = new HashMap<>();
    private final Map<String, Set<String>> users = new HashMap<>();
    private final Map<String, Map<String, Set<String>>> pagesOf = new HashMap<>();
    private long valid;
    private long invalid;

    Truth(long seed) {
        random = new Random(seed);
    }

    long valid() {
        return valid;
    }

    long invalid() {
        return invalid;
    }

    long events() {
        return valid + invalid;
    }

    /** The next event. */
    byte[] next() {
        return (random.nextInt(20) == 0 ? broken() : event()).getBytes(StandardCharsets.UTF_8);
    }

    private String broken() {
        invalid++;
        return switch (random.nextInt(3)) {
            case 0 -> "garbage " + random.nextInt();
            case 1 -> "{\"user\":\"u1\",\"bytes\":1}";
            default ->
                    "{\"at\":\"%s\",\"user\":\"u1\",\"bytes\":1}"
                            .formatted(Instant.now().minusSeconds(7_200));
        };
    }

    private String event() {
        valid++;
        Instant at = Instant.now().minusMillis(random.nextInt(240_000));
        String user = "u" + random.nextInt(40);
        String page = random.nextInt(8) == 0 ? null : "/p" + random.nextInt(25);
        long size = random.nextInt(1_000) - 100;
        for (String bucket : List.of(MINUTE.format(at), "all")) {
            hits.merge(bucket, 1L, Long::sum);
            bytes.merge(bucket, size, Long::sum);
            users.computeIfAbsent(bucket, any -> new HashSet<>()).add(user);
            if (size > 200) {
                // The mark of a group without a value.
                pages.computeIfAbsent(bucket, any -> new HashMap<>())
                        .merge(page == null ? "\u0018" : page, 1L, Long::sum);
            }
            if (page != null) {
                pagesOf.computeIfAbsent(bucket, any -> new HashMap<>())
                        .computeIfAbsent(user, any -> new HashSet<>())
                        .add(page);
            }
        }
        String event = "{\"at\":\"%s\",\"user\":\"%s\",\"bytes\":%d".formatted(at, user, size);
        return event + (page == null ? "}" : ",\"page\":\"" + page + "\"}");
    }

    /** What in Redis is not as counted here: a line for each number. */
    List<String> differences(RedisCommands<String, String> redis, String pipeline) {
        List<String> different = new ArrayList<>();
        WholeBuckets buckets = new WholeBuckets(redis);
        Map<String, String> totals = redis.hgetall("millrace:" + pipeline + ":totals");
        long rejected =
                totals.entrySet().stream()
                        .filter(total -> total.getKey().startsWith("rejected:"))
                        .mapToLong(total -> Long.parseLong(total.getValue()))
                        .sum();
        compare(different, "valid", Long.toString(valid), totals.get("valid"));
        compare(different, "invalid", invalid, rejected);
        Set<String> expected = new HashSet<>();
        hits.forEach(
                (bucket, count) ->
                        compare(
                                different,
                                known(expected, "hits", bucket),
                                count.toString(),
                                redis.get("hits:" + bucket)));
        bytes.forEach(
                (bucket, sum) ->
                        compare(
                                different,
                                known(expected, "bytes", bucket),
                                sum.toString(),
                                redis.get("bytes:" + bucket)));
        pages.forEach(
                (bucket, groups) ->
                        compare(
                                different,
                                known(expected, "pages", bucket),
                                groups,
                                buckets.totals("pages:" + bucket)));
        users.forEach(
                (bucket, values) ->
                        compare(
                                different,
                                known(expected, "users", bucket),
                                values,
                                buckets.values("users:" + bucket)));
        pagesOf.forEach(
                (bucket, groups) ->
                        compare(
                                different,
                                known(expected, "pages_of", bucket),
                                groups,
                                buckets.groupValues("pages_of:" + bucket)));
        compare(
                different,
                "keys of buckets",
                expected,
                new HashSet<>(redis.zrange("millrace:" + pipeline + ":changes", 0, -1)));
        return different;
    }

    private static String known(Set<String> expected, String metric, String bucket) {
        String key = metric + ":" + bucket;
        expected.add(key);
        return key;
    }

    private static void compare(List<String> different, String what, Object is, Object redis) {
        if (!Objects.equals(is, redis)) {
            different.add("%s: %s, but in Redis %s".formatted(what, is, redis));
        }
    }
}
