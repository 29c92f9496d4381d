package dev.millrace.api.proof;

import dev.millrace.pipeline.plan.Granularity;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/** The times that the stamps in keys of buckets stand for. */
public final class Stamps {
    /** Year, month, day, hour and minute of a stamp, as far as it has them. */
    private static final int[] ENDS = {4, 6, 8, 10, 12};

    private Stamps() {}

    /**
     * When a bucket begins, in milliseconds since 1970.
     *
     * @return empty where the stamp is none of that granularity
     */
    public static OptionalLong start(Granularity granularity, String stamp) {
        if (granularity == Granularity.ALL) {
            return stamp.equals("all") ? OptionalLong.of(0) : OptionalLong.empty();
        }
        try {
            int[] parts = {0, 1, 1, 0, 0};
            int begin = 0;
            for (int i = 0; i < ENDS.length && begin < stamp.length(); i++) {
                parts[i] = Integer.parseInt(stamp, begin, ENDS[i], 10);
                begin = ENDS[i];
            }
            long start =
                    LocalDateTime.of(parts[0], parts[1], parts[2], parts[3], parts[4])
                            .toInstant(ZoneOffset.UTC)
                            .toEpochMilli();
            return granularity.stamp(start).equals(stamp)
                    ? OptionalLong.of(start)
                    : OptionalLong.empty();
        } catch (DateTimeException | NumberFormatException | IndexOutOfBoundsException e) {
            return OptionalLong.empty();
        }
    }
}
