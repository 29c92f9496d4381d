package dev.millrace.api.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.millrace.audit.recount.Contents;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.HyperLogLog;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Makes buckets of what was recounted.
 *
 * @param groups the numbers of groups
 * @param values the numbers of what {@code unique} counts
 */
record ContentsBucket(MeasurePlan metric, Names groups, Names values) {
    Bucket of(Contents contents) {
        FieldParser fields = new FieldParser(metric, groups);
        Map<String, String> numbers = contents.numbers();
        return switch (metric.measure()) {
            case count, sum ->
                    metric.isGrouped()
                            ? fields.cells(Cells.of(numbers))
                            : new Bucket.Total(Numbers.parse(numbers.getOrDefault("", "0")));
            case average -> fields.averages(Cells.of(numbers));
            case percentiles -> fields.distributions(Cells.of(numbers));
            case min, max ->
                    metric.isGrouped()
                            ? fields.extremes(Cells.of(numbers))
                            : fields.extreme(numbers.getOrDefault("", ""));
            case unique -> {
                if (metric.isApproximate()) {
                    yield registers(contents.estimates());
                }
                yield metric.isGrouped()
                        ? members(contents.values())
                        : new Bucket.Members(
                                numbers(contents.values().getOrDefault("", Set.of()), values));
            }
            case latest -> throw new IllegalArgumentException("rows are not recounted");
        };
    }

    private Bucket registers(Map<String, HyperLogLog> estimates) {
        if (!metric.isGrouped()) {
            return new Bucket.Registers(
                    new int[0],
                    new long[0],
                    new HyperLogLog[0],
                    estimates.getOrDefault("", HyperLogLog.EMPTY));
        }
        return new Bucket.Registers(
                numbers(estimates.keySet(), groups),
                new long[estimates.size()],
                estimates.values().toArray(HyperLogLog[]::new),
                HyperLogLog.union(estimates.values()));
    }

    private Bucket members(Map<String, Set<String>> byGroup) {
        int[] names = numbers(byGroup.keySet(), groups);
        int[][] members = new int[groups.size()][];
        int i = 0;
        for (Set<String> group : byGroup.values()) {
            members[names[i++]] = numbers(group, values);
        }
        return Bucket.GroupedMembers.of(members, values.size());
    }

    /** The number of the group of all those for which there is no room. */
    int other() {
        return number(GroupKey.OTHER, groups);
    }

    private static int[] numbers(Collection<String> texts, Names names) {
        return texts.stream().mapToInt(text -> number(text, names)).toArray();
    }

    private static int number(String text, Names names) {
        byte[] name = text.getBytes(UTF_8);
        return names.index(name, 0, name.length);
    }
}
