package dev.millrace.pipeline.event;

import java.nio.charset.StandardCharsets;

/**
 * Reads times as {@link Timestamps} does, and those like {@code 2026-01-31T12:00:00.000Z} faster:
 * it remembers the last minute, and reads only seconds and what is behind them. Safe for use by
 * many threads.
 */
final class MinuteClock {
    private static final int SECONDS_ONLY = 20;

    /** How long a time with milliseconds is. */
    static final int WITH_MILLIS = 24;

    /** The form of what is behind the minute, {@code :00.000Z}, and where it has no digits. */
    private static final long FORM = ':' | (long) '.' << 24 | (long) 'Z' << 56;

    private static final long FORM_BYTES = 0xff00_0000_ff00_00ffL;
    private static final long DIGIT_HIGHS = 0x00f0_f0f0_00f0_f000L;
    private static final long DIGIT_ZEROS = 0x0030_3030_0030_3000L;
    private static final long SIXES = 0x0006_0606_0006_0600L;

    private Minute last = new Minute(0, 0, 0);

    /**
     * A minute.
     *
     * @param date its first eight bytes
     * @param time the eight bytes behind them
     * @param start in milliseconds since 1970
     */
    private record Minute(long date, long time, long start) {}

    /**
     * The time of a text like {@code 2026-01-31T12:00:00.000Z} with a quote behind it, in the
     * minute of the last one that was read; negative where it is none.
     */
    long known(byte[] bytes, int from, int to) {
        Minute minute = last;
        if (from + WITH_MILLIS >= to
                || bytes[from + WITH_MILLIS] != '"'
                || Words.at(bytes, from) != minute.date()
                || Words.at(bytes, from + Long.BYTES) != minute.time()) {
            return -1;
        }
        long rest = Words.at(bytes, from + 2 * Long.BYTES);
        if ((rest & FORM_BYTES) != FORM
                || (rest & DIGIT_HIGHS) != DIGIT_ZEROS
                || (rest + SIXES & DIGIT_HIGHS) != DIGIT_ZEROS) {
            return -1;
        }
        int seconds = digit(rest, 1) * 10 + digit(rest, 2);
        int millis = digit(rest, 4) * 100 + digit(rest, 5) * 10 + digit(rest, 6);
        return seconds > 59 ? -1 : minute.start() + seconds * 1_000 + millis;
    }

    private static int digit(long word, int at) {
        return (int) (word >>> at * Byte.SIZE) & 0xf;
    }

    /**
     * The time that ASCII bytes mean, in milliseconds since 1970; negative where they mean none.
     */
    long parse(byte[] bytes, int from, int to) {
        int within = within(bytes, from, to);
        if (within < 0) {
            return slowly(bytes, from, to);
        }
        long date = Words.at(bytes, from);
        long time = Words.at(bytes, from + Long.BYTES);
        Minute minute = last;
        if (minute.date() == date && minute.time() == time) {
            return minute.start() + within;
        }
        long parsed = slowly(bytes, from, to);
        if (parsed >= 0) {
            last = new Minute(date, time, parsed - within);
        }
        return parsed;
    }

    private static long slowly(byte[] bytes, int from, int to) {
        return Timestamps.parse(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1))
                .orElse(-1);
    }

    /** Milliseconds within the minute; negative where the form is another. */
    private static int within(byte[] bytes, int from, int to) {
        int length = to - from;
        if ((length != SECONDS_ONLY && length != WITH_MILLIS)
                || bytes[to - 1] != 'Z'
                || bytes[from + 16] != ':') {
            return -1;
        }
        int seconds = digits(bytes, from + 17, from + 19);
        if (seconds < 0 || seconds > 59) {
            return -1;
        }
        if (length == SECONDS_ONLY) {
            return seconds * 1_000;
        }
        int millis = bytes[from + 19] == '.' ? digits(bytes, from + 20, from + 23) : -1;
        return millis < 0 ? -1 : seconds * 1_000 + millis;
    }

    private static int digits(byte[] bytes, int from, int to) {
        int value = 0;
        for (int at = from; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
