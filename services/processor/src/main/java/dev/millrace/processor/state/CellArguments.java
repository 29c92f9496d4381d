package dev.millrace.processor.state;

import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.Row;
import dev.millrace.pipeline.state.StateKeys;
import dev.millrace.processor.counting.Amount;
import dev.millrace.processor.counting.CellWriter;
import dev.millrace.processor.counting.Mean;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Writes cells as the arguments of {@code flush.lua}: kind, key, expiry, number of entries,
 * entries.
 */
final class CellArguments implements CellWriter {
    private final List<byte[]> arguments = new ArrayList<>();

    void add(String text) {
        arguments.add(text.getBytes(StandardCharsets.UTF_8));
    }

    void add(long number) {
        arguments.add(Long.toString(number).getBytes(StandardCharsets.ISO_8859_1));
    }

    byte[][] toArray() {
        return arguments.toArray(byte[][]::new);
    }

    private void begin(String kind, String key, long expiry, int entries) {
        add(kind);
        add(key);
        add(expiry);
        add(entries);
    }

    private void beginGroups(String kind, String key, long expiry, int entries, int most) {
        begin(kind, key, expiry, entries);
        add(most);
    }

    @Override
    public void packed(String key, long expiry, PackedEntries entries) {
        List<byte[]> pieces = new ArrayList<>();
        entries.write(Integer.MAX_VALUE, pieces::add);
        begin("p", key, expiry, pieces.size());
        arguments.addAll(pieces);
    }

    @Override
    public void total(String key, long expiry, long amount) {
        begin("n", key, expiry, 1);
        add(amount);
    }

    @Override
    public void groupTotals(
            String key,
            long expiry,
            int most,
            boolean ranked,
            Map<String, Amount> amounts,
            UnaryOperator<String> name) {
        beginGroups(ranked ? "z" : "h", key, expiry, amounts.size(), most);
        amounts.forEach(
                (group, amount) -> {
                    add(name.apply(group));
                    add(amount.value());
                });
    }

    @Override
    public void averages(String key, long expiry, int most, Map<String, Mean> means) {
        beginGroups("a", key, expiry, means.size(), most);
        means.forEach(
                (suffix, mean) -> {
                    add(suffix);
                    add(mean.sum());
                    add(mean.count());
                });
    }

    @Override
    public void values(String key, long expiry, Set<String> values) {
        begin("s", key, expiry, values.size());
        values.forEach(this::add);
    }

    @Override
    public void groupValues(
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> setKey) {
        addGroups("g", key, expiry, most, groups, name, setKey);
    }

    @Override
    public void estimates(String key, long expiry, Collection<String> values) {
        begin("e", key, expiry, values.size());
        values.forEach(this::add);
    }

    @Override
    public void groupEstimates(
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> logKey) {
        addGroups("ge", key, expiry, most, groups, name, logKey);
    }

    private void addGroups(
            String kind,
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> valuesKey) {
        beginGroups(kind, key, expiry, groups.size(), most);
        groups.forEach(
                (group, values) -> {
                    String named = name.apply(group);
                    add(named);
                    add(valuesKey.apply(named));
                    add(values.size());
                    values.forEach(this::add);
                });
    }

    @Override
    public void extreme(String key, long expiry, boolean greatest, long number) {
        begin(greatest ? "max" : "min", key, expiry, 1);
        add(number);
    }

    @Override
    public void groupExtremes(
            String key, long expiry, int most, boolean greatest, Map<String, Long> numbers) {
        beginGroups(greatest ? "hmax" : "hmin", key, expiry, numbers.size(), most);
        numbers.forEach(
                (group, number) -> {
                    add(group);
                    add(number);
                });
    }

    @Override
    public void distributions(
            String key, long expiry, int most, Map<String, Distribution> distributions) {
        beginGroups("d", key, expiry, distributions.size(), most);
        distributions.forEach(
                (suffix, distribution) -> {
                    add(suffix);
                    add(distribution.min());
                    add(distribution.max());
                    add(distribution.size() + 1);
                    add(StateKeys.SUM);
                    add(distribution.sum());
                    distribution.forEach(
                            (bucket, count) -> {
                                add(bucket);
                                add(count);
                            });
                });
    }

    @Override
    public void rows(String key, int limit, Map<String, Row> rows) {
        begin("r", key, 0, rows.size());
        add(StateKeys.rowTimes(key));
        add(StateKeys.rowChanges(key));
        add(StateKeys.rowsDropped(key));
        add(limit);
        rows.forEach(
                (name, row) -> {
                    add(name);
                    add(row.time());
                    add(row.content());
                });
    }
}
