package dev.millrace.api.state;

import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.HyperLogLog;
import dev.millrace.pipeline.state.PackedPieces;
import dev.millrace.pipeline.state.PackedPieces.Range;
import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.ByteArrayOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandKeyword;
import io.lettuce.core.protocol.CommandType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads buckets of a metric, many at a time. */
final class BucketReader {
    /** Large enough to hide the way to Redis, small enough to bound what is in memory twice. */
    private static final int AT_ONCE = 32;

    private static final Cells NOTHING = new Cells(false);
    private static final byte[] NO_BYTES = {};
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
        boolean grouped = state.metric().isGrouped();
        for (int i = 0; i < all.size(); i += AT_ONCE) {
            List<Slot> some = all.subList(i, Math.min(all.size(), i + AT_ONCE));
            if (isPacked()) {
                readPacked(some);
            }
            switch (state.metric().measure()) {
                case unique -> {
                    if (state.metric().isApproximate()) {
                        readRegisters(some);
                    } else if (grouped) {
                        read(
                                some,
                                this::scores,
                                NOTHING,
                                (slot, sizes) -> with(slot, groupedMembers(slot, sizes)));
                    } else {
                        read(
                                some,
                                this::set,
                                NOTHING,
                                (slot, set) -> with(slot, new Bucket.Members(indexes(set))));
                    }
                }
                case average ->
                        read(some, this::hash, NOTHING, (_, fields) -> fields().averages(fields));
                case percentiles ->
                        read(
                                some,
                                this::hash,
                                NOTHING,
                                (_, fields) -> fields().distributions(fields));
                case min, max -> {
                    if (grouped) {
                        read(some, this::hash, NOTHING, (_, best) -> fields().extremes(best));
                    } else {
                        read(some, redis.send()::get, "", (_, text) -> fields().extreme(text));
                    }
                }
                case latest -> {
                    for (Slot slot : some) {
                        slot.put(rows(slot), version);
                    }
                }
                case count, sum -> {
                    if (!grouped) {
                        read(some, redis.send()::get, "0", (_, text) -> total(text));
                    } else if (state.metric().measure() == Measure.count) {
                        read(
                                some,
                                this::scores,
                                NOTHING,
                                (slot, counts) -> with(slot, fields().cells(counts)));
                    } else {
                        read(
                                some,
                                this::hash,
                                NOTHING,
                                (slot, sums) -> with(slot, fields().cells(sums)));
                    }
                }
            }
        }
        return unreadable;
    }

    private Bucket rows(Slot slot) throws InterruptedException {
        Bucket.Rows known =
                slot.bucket() instanceof Bucket.Rows rows
                        ? rows
                        : Bucket.Rows.none(state.metric().latest());
        try {
            return new RowReader(redis, state.metric().latest(), state.locator(), slot.key)
                    .read(known, state.now());
        } catch (StateUnavailableException e) {
            if (!e.isWrongType()) {
                throw e;
            }
            unreadable.add(slot.key);
            return Bucket.Rows.none(state.metric().latest());
        }
    }

    private FieldParser fields() {
        return new FieldParser(state.metric(), state.groups());
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

    private RedisFuture<Cells> scores(String key) {
        CommandArgs<String, String> range = key(key).add(0).add(-1).add(CommandKeyword.WITHSCORES);
        return redis.send().dispatch(CommandType.ZRANGE, new Cells(true), range);
    }

    private RedisFuture<Cells> hash(String key) {
        return redis.send().dispatch(CommandType.HGETALL, new Cells(true), key(key));
    }

    private RedisFuture<Cells> set(String key) {
        return redis.send().dispatch(CommandType.SMEMBERS, new Cells(false), key(key));
    }

    private static CommandArgs<String, String> key(String key) {
        return new CommandArgs<>(StringCodec.UTF8).addKey(key);
    }

    private static Bucket total(String text) {
        return new Bucket.Total(Numbers.parse(text));
    }

    private static Bucket with(Slot slot, Bucket.Cells cells) {
        return slot.packed() == null ? cells : slot.packed().with(cells);
    }

    private static Bucket with(Slot slot, Bucket.Members members) {
        return slot.packed() == null ? members : slot.packed().with(members);
    }

    private static Bucket with(Slot slot, Bucket.GroupedMembers members) {
        return slot.packed() == null ? members : slot.packed().with(members);
    }

    private int[] indexes(Cells set) {
        int[] indexes = new int[set.size()];
        for (int i = 0; i < indexes.length; i++) {
            indexes[i] = set.index(i, state.values());
        }
        return indexes;
    }

    private static Bucket.GroupedMembers known(Slot slot) {
        Bucket known = slot.packed() == null ? slot.bucket() : slot.packed().rest();
        return known instanceof Bucket.GroupedMembers grouped
                ? grouped
                : new Bucket.GroupedMembers(new int[0][], 0, 0);
    }

    /** A set only grows, so one of the known size is the known set and is not read again. */
    private Bucket.GroupedMembers groupedMembers(Slot slot, Cells sizes)
            throws InterruptedException {
        Bucket.GroupedMembers known = known(slot);
        int[] groups = new int[sizes.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = sizes.index(i, state.groups());
        }
        int[][] members = new int[state.groups().size()][];
        List<Integer> changed = new ArrayList<>();
        for (int i = 0; i < groups.length; i++) {
            int[] set = known.of(groups[i]);
            if (set != null && set.length == sizes.number(i)) {
                members[groups[i]] = set;
            } else {
                changed.add(groups[i]);
            }
        }
        readSets(slot, changed, members);
        return Bucket.GroupedMembers.of(members, state.values().size());
    }

    private void readRegisters(List<Slot> slots) throws InterruptedException {
        if (state.metric().isGrouped()) {
            read(slots, this::scores, NOTHING, this::groupedRegisters);
        } else {
            read(
                    slots,
                    this::bytes,
                    NO_BYTES,
                    (slot, string) ->
                            new Bucket.Registers(
                                    new int[0],
                                    new long[0],
                                    new HyperLogLog[0],
                                    registers(slot, string)));
        }
    }

    private HyperLogLog registers(Slot slot, byte[] string) {
        if (string == null || string.length == 0) {
            return HyperLogLog.EMPTY;
        }
        try {
            return HyperLogLog.ofRedis(string);
        } catch (IllegalArgumentException e) {
            unreadable.add(slot.key);
            return HyperLogLog.EMPTY;
        }
    }

    /** Only those groups are read again that another flush has changed since. */
    private Bucket.Registers groupedRegisters(Slot slot, Cells flushes)
            throws InterruptedException {
        Bucket.Registers known =
                slot.bucket() instanceof Bucket.Registers registers
                        ? registers
                        : Bucket.Registers.NONE;
        Map<Integer, Integer> places = HashMap.newHashMap(known.groups().length);
        for (int i = 0; i < known.groups().length; i++) {
            places.put(known.groups()[i], i);
        }
        int size = flushes.size();
        int[] groups = new int[size];
        long[] changed = new long[size];
        HyperLogLog[] values = new HyperLogLog[size];
        List<Integer> missing = new ArrayList<>();
        int same = 0;
        for (int i = 0; i < size; i++) {
            groups[i] = flushes.index(i, state.groups());
            changed[i] = flushes.number(i);
            Integer place = places.get(groups[i]);
            if (place != null && known.changed()[place] == changed[i]) {
                values[i] = known.values()[place];
                same++;
            } else {
                missing.add(i);
                same += place == null ? 0 : 1;
            }
        }
        readGroups(slot, groups, values, missing);
        List<HyperLogLog> all = new ArrayList<>();
        if (same == known.groups().length) {
            // None has gone, and registers only grow.
            all.add(known.all());
            missing.forEach(i -> all.add(values[i]));
        } else {
            all.addAll(Arrays.asList(values));
        }
        return new Bucket.Registers(groups, changed, values, HyperLogLog.union(all));
    }

    private void readGroups(Slot slot, int[] groups, HyperLogLog[] values, List<Integer> which)
            throws InterruptedException {
        for (int i = 0; i < which.size(); i += SETS_AT_ONCE) {
            List<Integer> some = which.subList(i, Math.min(which.size(), i + SETS_AT_ONCE));
            List<RedisFuture<byte[]>> answers =
                    some.stream().map(place -> bytes(setKey(slot, groups[place]))).toList();
            for (int j = 0; j < some.size(); j++) {
                int place = some.get(j);
                values[place] = HyperLogLog.EMPTY;
                try {
                    values[place] = registers(slot, redis.await(answers.get(j)));
                } catch (StateUnavailableException e) {
                    if (!e.isWrongType()) {
                        throw e;
                    }
                    unreadable.add(slot.key);
                }
            }
        }
    }

    private RedisFuture<byte[]> bytes(String key) {
        return redis.send()
                .dispatch(CommandType.GET, new ByteArrayOutput<>(StringCodec.UTF8), key(key));
    }

    /** Whether the metric's buckets may have packed parts. */
    private boolean isPacked() {
        return switch (state.metric().measure()) {
            case unique -> !state.metric().isApproximate();
            case count, sum -> state.metric().isGrouped();
            case average, min, max, percentiles, latest -> false;
        };
    }

    /**
     * Reads what is new in packed parts. Most buckets have none; those that are there may be large,
     * so one is in memory at a time.
     */
    private void readPacked(List<Slot> slots) throws InterruptedException {
        List<RedisFuture<Long>> lengths =
                slots.stream()
                        .map(slot -> redis.send().strlen(StateKeys.packed(slot.key)))
                        .toList();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            try {
                if (redis.await(lengths.get(i)) > 0 || slot.packed() != null) {
                    readPacked(slot);
                }
            } catch (StateUnavailableException e) {
                if (!e.isWrongType()) {
                    throw e;
                }
                isUnreadable(slot);
            } catch (IllegalArgumentException e) {
                isUnreadable(slot);
            }
        }
    }

    /** Where it was packed anew, all of it is new. */
    private void readPacked(Slot slot) throws InterruptedException {
        Range<InterruptedException> range = (first, last) -> redis.await(packed(slot, first, last));
        PackedPieces.atOneTime(
                range,
                head -> {
                    if (slot.packed() == null || !slot.packed().beginsWith(head)) {
                        slot.pack(newPart());
                    }
                    slot.packed().readOn(head, range);
                });
    }

    private void isUnreadable(Slot slot) {
        unreadable.add(StateKeys.packed(slot.key));
        slot.pack(newPart());
    }

    private PackedPart newPart() {
        return new PackedPart(state.metric(), state.groups(), state.values());
    }

    private RedisFuture<byte[]> packed(Slot slot, long from, long to) {
        return redis.send()
                .dispatch(
                        CommandType.GETRANGE,
                        new ByteArrayOutput<>(StringCodec.UTF8),
                        key(StateKeys.packed(slot.key)).add(from).add(to));
    }

    private void readSets(Slot slot, List<Integer> groups, int[][] members)
            throws InterruptedException {
        for (int i = 0; i < groups.size(); i += SETS_AT_ONCE) {
            List<Integer> some = groups.subList(i, Math.min(groups.size(), i + SETS_AT_ONCE));
            List<RedisFuture<Cells>> answers =
                    some.stream().map(group -> set(setKey(slot, group))).toList();
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
        return StateKeys.groupSet(state.metric(), slot.key, state.groups().text(group));
    }
}
