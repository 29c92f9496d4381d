package dev.millrace.pipeline.state;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;

/** The entries of the packed part of a bucket, each once. */
public sealed interface PackedEntries permits PackedGroups, PackedTotals, PackedValues {
    /** No entries yet, of a metric whose buckets have packed parts. */
    static PackedEntries of(MeasurePlan metric) {
        if (metric.measure() != Measure.unique) {
            return new PackedTotals();
        }
        return metric.isGrouped() ? new PackedGroups() : new PackedValues();
    }

    /**
     * Adds all entries of a packed part.
     *
     * @param packed with its head; {@code null} where there is none
     * @throws IllegalArgumentException where Millrace did not write it
     */
    default void addAll(byte[] packed) {
        if (packed == null) {
            return;
        }
        if (packed.length < PackedReader.HEAD) {
            throw new IllegalArgumentException("not packed by Millrace: shorter than its head");
        }
        int whole = add(packed, PackedReader.HEAD);
        if (whole < packed.length) {
            throw new IllegalArgumentException(
                    "not packed by Millrace: an entry at byte " + whole + " is cut");
        }
    }

    /**
     * Adds the entries in some bytes of a packed part.
     *
     * @param from where the first one begins
     * @return where one begins that is cut, and not added; the number of bytes where none is
     * @throws IllegalArgumentException where Millrace did not write it
     */
    int add(byte[] piece, int from);

    /** Forgets all of them, but not the memory they had. */
    void clear();

    /** How many there are. */
    int size();

    /**
     * Gives the entries as a packed part has them behind its head, piece by piece: one large array
     * would be more than a young generation has room for.
     *
     * @param most how many groups; what those beyond have is in {@link GroupKey#OTHER}
     * @param taker takes pieces of some ten kilobytes, which may end within an entry
     */
    void write(int most, Consumer<byte[]> taker);

    /** All entries as a packed part has them behind its head. */
    default byte[] toArray() {
        return toArray(Integer.MAX_VALUE);
    }

    /** The same with a limited number of groups. */
    default byte[] toArray(int most) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        write(most, all::writeBytes);
        return all.toByteArray();
    }
}
