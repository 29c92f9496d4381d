package dev.millrace.processor.state;

import dev.millrace.pipeline.state.PackedEntries;
import dev.millrace.pipeline.state.PackedPieces;
import dev.millrace.pipeline.state.PackedPieces.Range;

/**
 * What a packed part was at one time: its entries, and by what it can be told that it still begins
 * with just these.
 */
final class PackedCopy implements PackedPieces.Reading<StoreUnavailableException> {
    /** So that a part that came to be in another way is not taken for the one that was read. */
    private static final int COMPARED_BYTES = 256;

    private final Range<StoreUnavailableException> range;
    private final PackedEntries entries;
    private byte[] head;
    private long length;
    private byte[] end;

    private PackedCopy(Range<StoreUnavailableException> range, PackedEntries entries) {
        this.range = range;
        this.entries = entries;
    }

    /**
     * Reads a packed part.
     *
     * @param entries takes its entries
     * @throws IllegalArgumentException where Millrace did not write it
     */
    static PackedCopy of(Range<StoreUnavailableException> range, PackedEntries entries) {
        PackedCopy copy = new PackedCopy(range, entries);
        PackedPieces.atOneTime(range, copy);
        return copy;
    }

    @Override
    public void read(byte[] found) {
        entries.clear();
        head = found;
        length =
                found.length == 0
                        ? 0
                        : PackedPieces.read(found.length, range, piece -> entries.add(piece, 0));
        end = length == 0 ? found : range.read(Math.max(0, length - COMPARED_BYTES), length - 1);
    }

    boolean isEmpty() {
        return length == 0;
    }

    /** What it began with. */
    byte[] head() {
        return head;
    }

    /** How many bytes it had. */
    long length() {
        return length;
    }

    /** What it ended with. */
    byte[] end() {
        return end;
    }
}
