package dev.millrace.api.state;

import dev.millrace.api.place.Locator;
import dev.millrace.api.place.Place;
import dev.millrace.api.window.RowTable;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.state.Row;
import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.KeyValue;
import io.lettuce.core.Range;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Reads the rows of {@code latest} that changed since they were read last. */
record RowReader(StateConnection redis, LatestPlan plan, Locator locator, String bucket) {
    private static final int AT_ONCE = 1_000;

    /**
     * The rows now.
     *
     * @param known as they were read last, to be taken on: it must not be used afterwards
     * @param now the pipeline's clock, in milliseconds since 1970: rows that have left by then are
     *     forgotten. One that is changed afterwards is read again
     */
    Bucket.Rows read(Bucket.Rows known, long now) throws InterruptedException {
        Map<String, RowTable.Entry> rows = known.rows();
        List<ScoredValue<String>> changed =
                redis.await(
                        redis.send()
                                .zrangebyscoreWithScores(
                                        StateKeys.rowChanges(bucket),
                                        Range.from(
                                                Range.Boundary.excluding(known.sequence()),
                                                Range.Boundary.unbounded())));
        List<RedisFuture<List<KeyValue<String, String>>>> answers = new ArrayList<>();
        for (int i = 0; i < changed.size(); i += AT_ONCE) {
            String[] keys =
                    changed.subList(i, Math.min(changed.size(), i + AT_ONCE)).stream()
                            .map(ScoredValue::getValue)
                            .toArray(String[]::new);
            answers.add(redis.send().hmget(bucket, keys));
        }
        Map<String, String> values = new HashMap<>();
        for (RedisFuture<List<KeyValue<String, String>>> answer : answers) {
            for (KeyValue<String, String> read : redis.await(answer)) {
                put(read, rows, values);
            }
        }
        long dropped = Numbers.parse(redis.await(redis.send().get(StateKeys.rowsDropped(bucket))));
        // those that have left are still in Redis, and count there
        if (rows.size() > plan.rows() || dropped > 0 && !plan.leave().isEmpty()) {
            drop(rows);
        }
        long leaves = leave(rows, now);
        long sequence =
                changed.stream()
                        .mapToLong(one -> (long) one.getScore())
                        .max()
                        .orElse(known.sequence());
        return new Bucket.Rows(rows, sequence, new RowTable(rows.values(), plan, dropped), leaves);
    }

    /** Forgets the rows that have left, and tells when the next one does. */
    private long leave(Map<String, RowTable.Entry> rows, long now) {
        if (plan.leave().isEmpty()) {
            return Row.NEVER;
        }
        rows.values().removeIf(entry -> entry.row().leaves(plan) <= now);
        return rows.values().stream()
                .mapToLong(entry -> entry.row().leaves(plan))
                .min()
                .orElse(Row.NEVER);
    }

    /** Rows of one value share its text, and one that did not move keeps its place. */
    private void put(
            KeyValue<String, String> read,
            Map<String, RowTable.Entry> rows,
            Map<String, String> values) {
        Row row = read.hasValue() ? Row.parse(read.getValue()) : null;
        if (row == null) {
            rows.remove(read.getKey());
            return;
        }
        if (row.value() != null) {
            row = row.withValue(values.computeIfAbsent(row.value(), value -> value));
        }
        RowTable.Entry known = rows.get(read.getKey());
        Place place =
                known != null && isAtSamePosition(known.row(), row)
                        ? known.place()
                        : locator.locate(row);
        rows.put(read.getKey(), new RowTable.Entry(read.getKey(), row, place));
    }

    private static boolean isAtSamePosition(Row a, Row b) {
        return Objects.equals(a.longitude(), b.longitude())
                && Objects.equals(a.latitude(), b.latitude());
    }

    /** Rows that are not in Redis any more are older than its oldest one. */
    private void drop(Map<String, RowTable.Entry> rows) throws InterruptedException {
        Stream<ScoredValue<String>> first =
                redis
                        .await(redis.send().zrangeWithScores(StateKeys.rowTimes(bucket), 0, 0))
                        .stream();
        first.forEach(
                oldest -> {
                    byte[] key = bytes(oldest.getValue());
                    long time = (long) oldest.getScore();
                    rows.values()
                            .removeIf(
                                    entry ->
                                            entry.row().time() < time
                                                    || entry.row().time() == time
                                                            && Arrays.compareUnsigned(
                                                                            bytes(entry.key()), key)
                                                                    < 0);
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
