package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The size of the buckets that a window is made of. Buckets begin at whole minutes, hours and days
 * of UTC.
 */
public enum Granularity {
    /** One minute; stamped {@code 202611211042}. */
    MINUTE("1m", 60_000L, "uuuuMMddHHmm"),
    /** One hour; stamped {@code 2026112110}. */
    HOUR("1h", 3_600_000L, "uuuuMMddHH"),
    /** One day; stamped {@code 20261121}. */
    DAY("1d", 86_400_000L, "uuuuMMdd"),
    /** One bucket for everything; stamped {@code all}. */
    ALL("all", Long.MAX_VALUE, null);

    private final String text;
    private final long millis;
    private final DateTimeFormatter stamp;

    Granularity(String text, long millis, String pattern) {
        this.text = text;
        this.millis = millis;
        this.stamp =
                pattern == null
                        ? null
                        : DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
    }

    /** As manifests and answers write it: {@code 1m}, {@code 1h}, {@code 1d} or {@code all}. */
    public String text() {
        return text;
    }

    /** Length of a bucket in milliseconds; {@link Long#MAX_VALUE} for {@link #ALL}. */
    public long millis() {
        return millis;
    }

    /**
     * When the bucket begins that a time falls in, in milliseconds since 1970; 0 for {@link #ALL}.
     */
    public long start(long epochMillis) {
        return this == ALL ? 0 : epochMillis - Math.floorMod(epochMillis, millis);
    }

    /**
     * The name of the bucket that a time falls in: sorts by time, and differs from those of other
     * granularities.
     */
    public String stamp(long epochMillis) {
        return this == ALL ? "all" : stamp.format(Instant.ofEpochMilli(epochMillis));
    }

    /** The buckets that serve a window best: at most 120 of them in two hours, 168 in a week. */
    static Granularity forWindow(Duration window) {
        if (window.compareTo(Duration.ofHours(2)) <= 0) {
            return MINUTE;
        }
        return window.compareTo(Duration.ofDays(7)) <= 0 ? HOUR : DAY;
    }
}
