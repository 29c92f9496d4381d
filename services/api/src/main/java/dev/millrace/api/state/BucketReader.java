package dev.millrace.api.state;

import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads buckets of a metric, many at a time. */
final class BucketReader {
    /** Large enough to hide the way to Redis, small enough to bound what is in memory twice. */
    private static final int AT_ONCE = 32;

    private static final int SETS_AT_ONCE = 1_000;

    private final StateConnection redis;
    private final MetricState state;
    private final long version;
    private final List<String> unreadable = new ArrayList<>();

    /**
     * A reader of one metric's buckets.
     *
     * @param version what the buckets' versions become
     */
    BucketReader(StateConnection redis, MetricState state, long version) {
        this.redis = redis;
        this.state = state;
        this.version = version;
    }

    /**
     * Reads buckets.
     *
     * @return the keys that hold something else than what Millrace writes; they count as empty
     * @throws StateUnavailableException when Redis does not answer
     */
    List<String> read(Collection<Slot> slots) throws InterruptedException {
        List<Slot> all = List.copyOf(slots);
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            List<Slot> some = all.subList(i, Math.min(all.size(), i + AT_ONCE));
            if (state.metric().measure() == Measure.unique) {
                if (state.metric().isGrouped()) {
                    read(some, this::scores, List.of(), this::groupedMembers);
                } else {
                    read(some, redis.send()::smembers, Set.of(), (_, set) -> members(set));
                }
            } else if (!state.metric().isGrouped()) {
                read(
                        some,
                        redis.send()::get,
                        "0",
                        (_, text) -> new Bucket.Total(Numbers.parse(text)));
            } else if (state.metric().measure() == Measure.count) {
                read(some, this::scores, List.of(), (_, scores) -> counts(scores));
            } else {
                read(some, redis.send()::hgetall, Map.of(), (_, sums) -> sums(sums));
            }
        }
        return unreadable;
    }

    private interface Parser<T> {
        Bucket parse(Slot slot, T answer) throws InterruptedException;
    }

    private <T> void read(
            List<Slot> slots, Function<String, RedisFuture<T>> command, T nothing, Parser<T> parser)
            throws InterruptedException {
        List<RedisFuture<T>> answers = slots.stream().map(slot -> command.apply(slot.key)).toList();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            T answer = nothing;
            try {
                answer = redis.await(answers.get(i));
            } catch (StateUnavailableException e) {
                if (!e.isWrongType()) {
                    throw e;
                }
                unreadable.add(slot.key);
            }
            slot.put(parser.parse(slot, answer == null ? nothing : answer), version);
        }
    }

    private RedisFuture<List<ScoredValue<String>>> scores(String key) {
        return redis.send().zrangeWithScores(key, 0, -1);
    }

    private Bucket counts(List<ScoredValue<String>> scores) {
        int[] groups = new int[scores.size()];
        long[] counts = new long[groups.length];
        long total = 0;
        for (int i = 0; i < groups.length; i++) {
            ScoredValue<String> score = scores.get(i);
            groups[i] = state.groups().index(score.getValue());
            counts[i] = (long) score.getScore();
            total += counts[i];
        }
        return new Bucket.Cells(groups, counts, total);
    }

    private Bucket sums(Map<String, String> hash) {
        int[] groups = new int[hash.size()];
        long[] sums = new long[groups.length];
        long total = 0;
        int i = 0;
        for (Map.Entry<String, String> entry : hash.entrySet()) {
            groups[i] = state.groups().index(entry.getKey());
            sums[i] = Numbers.parse(entry.getValue());
            total += sums[i++];
        }
        return new Bucket.Cells(groups, sums, total);
    }

    private Bucket members(Set<String> set) {
        return new Bucket.Members(indexes(set));
    }

    private int[] indexes(Set<String> set) {
        return set.stream().mapToInt(state.values()::index).toArray();
    }

    /** A set only grows, so one of the known size is the known set and is not read again. */
    private Bucket groupedMembers(Slot slot, List<ScoredValue<String>> sizes)
            throws InterruptedException {
        Bucket.GroupedMembers known =
                slot.bucket() instanceof Bucket.GroupedMembers grouped
                        ? grouped
                        : new Bucket.GroupedMembers(new int[0][], 0, 0);
        int[] groups =
                sizes.stream().mapToInt(size -> state.groups().index(size.getValue())).toArray();
        int[][] members = new int[state.groups().size()][];
        List<Integer> changed = new ArrayList<>();
        for (int i = 0; i < groups.length; i++) {
            int[] set = known.of(groups[i]);
            if (set != null && set.length == (long) sizes.get(i).getScore()) {
                members[groups[i]] = set;
            } else {
                changed.add(groups[i]);
            }
        }
        readSets(slot, changed, members);
        BitSet union = new BitSet(state.values().size());
        int cells = 0;
        for (int[] set : members) {
            if (set != null) {
                Arrays.stream(set).forEach(union::set);
                cells += set.length;
            }
        }
        return new Bucket.GroupedMembers(members, union.cardinality(), cells);
    }

    private void readSets(Slot slot, List<Integer> groups, int[][] members)
            throws InterruptedException {
        for (int i = 0; i < groups.size(); i += SETS_AT_ONCE) {
            List<Integer> some = groups.subList(i, Math.min(groups.size(), i + SETS_AT_ONCE));
            List<RedisFuture<Set<String>>> answers =
                    some.stream().map(group -> redis.send().smembers(setKey(slot, group))).toList();
            for (int j = 0; j < some.size(); j++) {
                try {
                    members[some.get(j)] = indexes(redis.await(answers.get(j)));
                } catch (StateUnavailableException e) {
                    if (!e.isWrongType()) {
                        throw e;
                    }
                    unreadable.add(slot.key);
                }
            }
        }
    }

    private String setKey(Slot slot, int group) {
        return StateKeys.groupSet(state.metric(), slot.key, state.groups().name(group));
    }
}
