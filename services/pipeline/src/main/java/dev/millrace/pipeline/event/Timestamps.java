package dev.millrace.pipeline.event;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Reads the times that events carry: ISO-8601 with {@code Z}, an offset, or no zone (then UTC),
 * with {@code T} or a space, with or without seconds and fractions; or the number of seconds or
 * milliseconds since 1970, as a number, or as a text of at least nine digits. Years 1970 to 9999;
 * what is finer than a millisecond is cut off.
 */
public final class Timestamps {
    /**
     * Numbers below this are seconds, others milliseconds: 10^11 s is the year 5138, 10^11 ms is
     * March 1973.
     */
    private static final long SECONDS_BELOW = 100_000_000_000L;

    /** The last millisecond of the year 9999. */
    static final long LAST = 253_402_300_799_999L;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{9,}(\\.[0-9]+)?");

    private Timestamps() {}

    /** The time that a number means, in milliseconds since 1970; empty where it is out of range. */
    public static OptionalLong parse(double number) {
        if (!(number >= 0) || number > LAST) {
            return OptionalLong.empty();
        }
        double millis = number < SECONDS_BELOW ? number * 1_000 : number;
        // a product of doubles may be a hair below the millisecond that is written: 1.001 * 1000
        return OptionalLong.of(
                number == Math.rint(number)
                        ? (long) millis
                        : BigDecimal.valueOf(number)
                                .movePointRight(number < SECONDS_BELOW ? 3 : 0)
                                .longValue());
    }

    /** The time that a text means, in milliseconds since 1970; empty where it means none. */
    public static OptionalLong parse(String text) {
        int length = text.length();
        if (length < 10 || length > 40) {
            return OptionalLong.empty();
        }
        if (text.charAt(4) != '-') {
            return parseNumber(text);
        }
        if (text.charAt(7) != '-') {
            return OptionalLong.empty();
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        if (year < 1970 || month < 0 || day < 0) {
            return OptionalLong.empty();
        }
        int[] at = {10};
        int hour = 0;
        int minute = 0;
        int second = 0;
        int nanos = 0;
        if (length > 10) {
            char separator = text.charAt(10);
            if (length < 16
                    || (separator != 'T' && separator != 't' && separator != ' ')
                    || text.charAt(13) != ':') {
                return OptionalLong.empty();
            }
            hour = digits(text, 11, 13);
            minute = digits(text, 14, 16);
            at[0] = 16;
            if (length > 16 && text.charAt(16) == ':') {
                second = length < 19 ? -1 : digits(text, 17, 19);
                at[0] = 19;
                if (length > 19 && (text.charAt(19) == '.' || text.charAt(19) == ',')) {
                    nanos = fraction(text, at);
                }
            }
        }
        int offset = at[0] >= length ? 0 : offset(text, at[0]);
        if (hour < 0 || minute < 0 || second < 0 || nanos < 0 || offset == Integer.MIN_VALUE) {
            return OptionalLong.empty();
        }
        try {
            // A leap second counts as the last second before it, as most clocks have it.
            LocalDateTime local =
                    LocalDateTime.of(year, month, day, hour, minute, Math.min(second, 59), nanos);
            long millis =
                    local.toEpochSecond(ZoneOffset.UTC) * 1_000
                            + nanos / 1_000_000
                            - offset * 60_000L;
            return second > 60 || millis < 0 || millis > LAST
                    ? OptionalLong.empty()
                    : OptionalLong.of(millis);
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static OptionalLong parseNumber(String text) {
        return NUMBER.matcher(text).matches()
                ? parse(Double.parseDouble(text))
                : OptionalLong.empty();
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    /** Nanoseconds of the fraction behind position 19; moves the position behind it. */
    private static int fraction(String text, int[] at) {
        int i = 20;
        int nanos = 0;
        int scale = 100_000_000;
        while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
            nanos += (text.charAt(i) - '0') * scale;
            scale /= 10;
            i++;
        }
        at[0] = i;
        return i == 20 ? -1 : nanos;
    }

    /**
     * Minutes east of UTC: of {@code Z}, {@code +02:00}, {@code +0200} or {@code +02}; least
     * integer where it is none.
     */
    private static int offset(String text, int from) {
        int length = text.length() - from;
        char sign = text.charAt(from);
        if (sign == 'Z' || sign == 'z') {
            return length == 1 ? 0 : Integer.MIN_VALUE;
        }
        if ((sign != '+' && sign != '-') || (length != 3 && length != 5 && length != 6)) {
            return Integer.MIN_VALUE;
        }
        int hours = digits(text, from + 1, from + 3);
        int minutes = length == 3 ? 0 : digits(text, from + length - 2, from + length);
        if (hours < 0
                || hours > 18
                || minutes < 0
                || minutes > 59
                || (length == 6 && text.charAt(from + 3) != ':')) {
            return Integer.MIN_VALUE;
        }
        return (sign == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
}
