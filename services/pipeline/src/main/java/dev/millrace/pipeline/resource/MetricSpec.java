package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;

import java.util.List;
import java.util.Map;

/**
 * What is counted over windows: a {@code measure} of a stream, or a {@code formula} over other
 * metrics.
 *
 * @param name unique; also the prefix of its keys in Redis
 * @param title what people read; by default made from the name
 * @param from the stream; may be left out where there is only one
 * @param measure what is measured
 * @param of the field that is measured; not for {@code count} and {@code latest}
 * @param by one field, or several with commas between: a number for each of their values
 * @param where CEL over the stream's fields: only events for which it is true count
 * @param window one window, such as {@code 5m}; {@code all} is everything since the start
 * @param windows several windows, instead of {@code window}
 * @param unit shown beside the numbers: {@code bytes}, {@code percent}, {@code ms}, a currency such
 *     as {@code USD}, or any word
 * @param limit how many groups are listed by default, 1 to 1000; by default 10
 * @param formula CEL over the names of other metrics, such as {@code purchases / views}
 * @param key the field that identifies a row, of {@code latest}
 * @param value the field that is the state of a row, of {@code latest}
 * @param since the timestamp field since when a row is in its state, of {@code latest}
 * @param position the fields of longitude and latitude, of {@code latest}
 * @param fences name to polygon (WKT), of {@code latest}
 * @param cells grid of cells, such as {@code h3/8}, of {@code latest}
 */
public record MetricSpec(
        @Required @Pattern("[a-z][a-z0-9_]{0,62}") String name,
        String title,
        String from,
        Measure measure,
        String of,
        String by,
        String where,
        @Pattern(Patterns.WINDOW) String window,
        List<@Pattern(Patterns.WINDOW) String> windows,
        String unit,
        @Min(1) @Max(1000) Integer limit,
        String formula,
        String key,
        String value,
        String since,
        List<String> position,
        Map<String, String> fences,
        @Pattern("h3/([0-9]|1[0-5])") String cells) {

    /** What is measured. Written in lower case in the manifest. */
    public enum Measure {
        /** How many events. */
        count,
        /** The sum of a number. */
        sum,
        /** The mean of a number. */
        average,
        /** The least of a number. */
        min,
        /** The greatest of a number. */
        max,
        /** How many different values. */
        unique,
        /** The distribution of a number. */
        percentiles,
        /** The newest event of each key. */
        latest
    }
}
