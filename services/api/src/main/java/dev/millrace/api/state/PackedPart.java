package dev.millrace.api.state;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.PackedPieces;
import dev.millrace.pipeline.state.PackedReader;
import dev.millrace.pipeline.state.StoredNumber;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What the {@linkplain dev.millrace.pipeline.state.StateKeys#packed packed part} of a bucket comes
 * to, as far as it has been read: it grows at its end, so only what is new there is read again, as
 * long as its head is the same. Groups and values are numbers of {@link Names}.
 */
final class PackedPart {
    private static final byte[] NO_HEAD = {};

    private final MeasurePlan metric;
    private final Names groups;
    private final Names values;
    private byte[] head = NO_HEAD;
    private long read;

    /** The bucket without this part, as it was read last; {@code null} where it is not known. */
    private Bucket.GroupedMembers rest;

    private final BitSet there = new BitSet();
    private long[] numbers = new long[0];
    private int[][] members = new int[0][];
    private final Pairs pairs = new Pairs();

    /**
     * Nothing read yet.
     *
     * @param groups the groups' numbers
     * @param values the numbers of what {@code unique} counts
     */
    PackedPart(MeasurePlan metric, Names groups, Names values) {
        this.metric = metric;
        this.groups = groups;
        this.values = values;
    }

    /** Whether it begins as what was read. */
    boolean beginsWith(byte[] found) {
        return Arrays.equals(head, found);
    }

    /**
     * Takes in what stands behind what was read; at first, all of it.
     *
     * @param found what it begins with
     * @throws IllegalArgumentException where Millrace did not write it
     */
    <E extends Exception> void readOn(byte[] found, PackedPieces.Range<E> range) throws E {
        if (read == 0) {
            head = found;
            read = found.length;
        }
        if (read > 0) {
            read = PackedPieces.read(read, range, this::add);
        }
    }

    private int add(byte[] piece) {
        PackedReader reader = new PackedReader(piece, 0);
        return reader.entries(
                () -> {
                    reader.text();
                    if (metric.measure() != Measure.unique) {
                        int from = reader.from();
                        int to = reader.to();
                        long number = reader.number();
                        addNumber(groups.index(piece, from, to), number);
                    } else if (metric.isGrouped()) {
                        addMembers(groups.index(piece, reader.from(), reader.to()), reader, piece);
                    } else {
                        there.set(values.index(piece, reader.from(), reader.to()));
                    }
                });
    }

    private void addNumber(int group, long number) {
        if (group >= numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.max(group + 1, groups.size() + 16));
        }
        there.set(group);
        numbers[group] = StoredNumber.plus(numbers[group], number);
    }

    /** The arrays of members are shared with buckets, so they are made anew rather than changed. */
    private void addMembers(int group, PackedReader reader, byte[] bytes) {
        if (group >= members.length) {
            members = Arrays.copyOf(members, Math.max(group + 1, groups.size() + 16));
        }
        int[] known = members[group] == null ? new int[0] : members[group];
        int size = known.length;
        int[] all = known;
        for (long left = reader.number(); left > 0; left--) {
            reader.text();
            int value = values.index(bytes, reader.from(), reader.to());
            if (pairs.add(group, value)) {
                if (size == all.length || all == known) {
                    all = Arrays.copyOf(all, size + (int) Math.min(left, 1 + size));
                }
                all[size++] = value;
            }
        }
        members[group] = size == all.length ? all : Arrays.copyOf(all, size);
    }

    /** A bucket's numbers of groups, together with those in here. */
    Bucket.Cells with(Bucket.Cells bucket) {
        if (read == 0) {
            return bucket;
        }
        long[] sums = Arrays.copyOf(numbers, Math.max(numbers.length, groups.size()));
        BitSet all = (BitSet) there.clone();
        for (int i = 0; i < bucket.groups().length; i++) {
            int group = bucket.groups()[i];
            all.set(group);
            sums[group] = StoredNumber.plus(sums[group], bucket.values()[i]);
        }
        int[] which = all.stream().toArray();
        long[] cells = new long[which.length];
        long total = 0;
        for (int i = 0; i < which.length; i++) {
            cells[i] = sums[which[i]];
            total = StoredNumber.plus(total, cells[i]);
        }
        return new Bucket.Cells(which, cells, total);
    }

    /** A bucket's values, together with those in here. */
    Bucket.Members with(Bucket.Members bucket) {
        if (read == 0) {
            return bucket;
        }
        BitSet all = (BitSet) there.clone();
        for (int value : bucket.values()) {
            all.set(value);
        }
        return new Bucket.Members(all.stream().toArray());
    }

    /** The bucket without this part, as it was read last; {@code null} where it is not known. */
    Bucket.GroupedMembers rest() {
        return rest;
    }

    /** A bucket's values of groups, together with those in here. */
    Bucket.GroupedMembers with(Bucket.GroupedMembers bucket) {
        rest = bucket;
        if (read == 0) {
            return bucket;
        }
        int[][] all = Arrays.copyOf(members, Math.max(members.length, bucket.members().length));
        for (int group = 0; group < bucket.members().length; group++) {
            if (bucket.of(group) != null) {
                all[group] = union(group, bucket.of(group));
            }
        }
        return Bucket.GroupedMembers.of(all, values.size());
    }

    private int[] union(int group, int[] others) {
        int[] own = group < members.length ? members[group] : null;
        if (own == null) {
            return others;
        }
        int[] all = Arrays.copyOf(own, own.length + others.length);
        int size = own.length;
        for (int value : others) {
            if (!pairs.contains(group, value)) {
                all[size++] = value;
            }
        }
        return Arrays.copyOf(all, size);
    }
}
