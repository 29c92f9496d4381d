package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as manifests write them: one number and one unit, such as {@code 30s}, {@code 5m} or
 * {@code 7d}.
 */
public final class DurationText {
    private static final Pattern SYNTAX = Pattern.compile("([1-9][0-9]{0,11})(ms|s|m|h|d)");

    private DurationText() {}

    /**
     * The duration that a text means; empty where it means none, or one of more than ten thousand
     * days.
     */
    public static Optional<Duration> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long amount = Long.parseLong(matcher.group(1));
        Duration duration =
                switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
        return duration.compareTo(Duration.ofDays(10_000)) > 0
                ? Optional.empty()
                : Optional.of(duration);
    }

    /** The shortest text of a duration, in one unit. */
    public static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 86_400_000 == 0) {
            return millis / 86_400_000 + "d";
        } else if (millis % 3_600_000 == 0) {
            return millis / 3_600_000 + "h";
        } else if (millis % 60_000 == 0) {
            return millis / 60_000 + "m";
        } else if (millis % 1_000 == 0) {
            return millis / 1_000 + "s";
        }
        return millis + "ms";
    }
}
