package dev.millrace.api.history;

import dev.millrace.pipeline.state.GroupKey;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A metric over one minute, hour or day. Immutable.
 *
 * @param all over all groups
 * @param groups the highest ones, as Redis names them; empty without groups
 * @param other over all groups that are not in {@code groups}; {@code null} where there are none
 * @param otherGroups how many these are at least
 */
public record Rollup(Tally all, Map<String, Tally> groups, Tally other, long otherGroups) {
    private static final Comparator<Map.Entry<String, Tally>> HIGHEST_FIRST =
            Comparator.comparingDouble((Map.Entry<String, Tally> group) -> group.getValue().rank())
                    .reversed()
                    .thenComparing(Map.Entry::getKey);

    /** One without groups. */
    public static Rollup of(Tally all) {
        return new Rollup(all, Map.of(), null, 0);
    }

    /** One with all the groups of a bucket, which may have counted some together as others. */
    public static Rollup of(Tally all, Map<String, Tally> groups) {
        Map<String, Tally> named = new HashMap<>(groups);
        Tally other = named.remove(GroupKey.OTHER);
        return new Rollup(all, named, other, other == null ? 0 : 1);
    }

    /**
     * Several together. A group that was among the others in some of them is counted there, so that
     * its own number may be less than it was; everything together is right.
     *
     * @param parts at least one
     * @param most how many groups are kept
     */
    public static Rollup merge(Collection<Rollup> parts, int most) {
        Tally all = null;
        Tally other = null;
        long otherGroups = 0;
        Map<String, Tally> groups = new HashMap<>();
        for (Rollup part : parts) {
            all = plus(all, part.all);
            other = plus(other, part.other);
            otherGroups = Math.max(otherGroups, part.otherGroups);
            part.groups.forEach((key, tally) -> groups.merge(key, tally, Tally::plus));
        }
        return new Rollup(all, groups, other, otherGroups).top(most);
    }

    /** The same with the highest groups only. */
    public Rollup top(int most) {
        if (groups.size() <= most) {
            return this;
        }
        Map<String, Tally> kept = new LinkedHashMap<>();
        Tally rest = other;
        long dropped = otherGroups;
        for (Map.Entry<String, Tally> group : ranked()) {
            if (kept.size() < most) {
                kept.put(group.getKey(), group.getValue());
            } else {
                rest = plus(rest, group.getValue());
                dropped++;
            }
        }
        return new Rollup(all, kept, rest, dropped);
    }

    /** The groups, highest first. */
    public List<Map.Entry<String, Tally>> ranked() {
        return groups.entrySet().stream().sorted(HIGHEST_FIRST).toList();
    }

    private static Tally plus(Tally one, Tally other) {
        if (one == null) {
            return other;
        }
        return other == null ? one : one.plus(other);
    }
}
