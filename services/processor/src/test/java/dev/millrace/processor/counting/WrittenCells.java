package dev.millrace.processor.counting;

import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.Row;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a flush writes, by key. */
record WrittenCells(Map<String, Object> flushed) implements CellWriter {
    @Override
    public void packed(String key, long expiry, PackedEntries entries) {
        flushed.put("packed " + key, entries.size());
    }

    @Override
    public void total(String key, long expiry, long amount) {
        flushed.put(key, amount);
    }

    @Override
    public void groupTotals(
            String key,
            long expiry,
            int most,
            boolean ranked,
            Map<String, Amount> amounts,
            UnaryOperator<String> name) {
        Map<String, Long> named = new TreeMap<>();
        amounts.forEach((group, amount) -> named.put(name.apply(group), amount.value()));
        flushed.put((ranked ? "ranked " : "") + key, named);
    }

    @Override
    public void averages(String key, long expiry, int most, Map<String, Mean> means) {
        Map<String, Long> fields = new TreeMap<>();
        means.forEach(
                (suffix, mean) -> {
                    fields.put("sum" + suffix, mean.sum());
                    fields.put("count" + suffix, mean.count());
                });
        flushed.put(key, fields);
    }

    @Override
    public void values(String key, long expiry, Set<String> values) {
        flushed.put(key, values);
    }

    @Override
    public void groupValues(
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> setKey) {
        groups.forEach((group, values) -> flushed.put(setKey.apply(name.apply(group)), values));
    }

    @Override
    public void estimates(String key, long expiry, Collection<String> values) {
        flushed.put("about " + key, Set.copyOf(values));
    }

    @Override
    public void groupEstimates(
            String key,
            long expiry,
            int most,
            Map<String, ? extends Set<String>> groups,
            UnaryOperator<String> name,
            UnaryOperator<String> logKey) {
        groups.forEach(
                (group, values) -> flushed.put("about " + logKey.apply(name.apply(group)), values));
    }

    @Override
    public void extreme(String key, long expiry, boolean greatest, long number) {
        flushed.put((greatest ? "max " : "min ") + key, number);
    }

    @Override
    public void groupExtremes(
            String key, long expiry, int most, boolean greatest, Map<String, Long> numbers) {
        flushed.put((greatest ? "max " : "min ") + key, numbers);
    }

    @Override
    public void rows(String key, int limit, Map<String, Row> rows) {
        flushed.put("rows " + limit + " " + key, rows);
    }

    @Override
    public void distributions(
            String key, long expiry, int most, Map<String, Distribution> distributions) {
        flushed.put(key, distributions);
    }
}
