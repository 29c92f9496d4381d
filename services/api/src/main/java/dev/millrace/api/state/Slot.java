package dev.millrace.api.state;

/** The place of one bucket that some window needs. */
final class Slot {
    final String key;
    final long start;
    private Bucket bucket;
    private long version;
    private PackedPart packed;

    /**
     * A bucket that has not been read.
     *
     * @param start when it begins, in milliseconds since 1970
     */
    Slot(String key, long start) {
        this.key = key;
        this.start = start;
    }

    /** What it holds; {@code null} until it has been read. */
    Bucket bucket() {
        return bucket;
    }

    /** Grows each time that the bucket is read. */
    long version() {
        return version;
    }

    /** What was read of its packed part; {@code null} where there was none. */
    PackedPart packed() {
        return packed;
    }

    /** Takes note of its packed part. */
    void pack(PackedPart part) {
        packed = part;
    }

    void put(Bucket read, long readVersion) {
        bucket = read;
        version = readVersion;
    }
}
