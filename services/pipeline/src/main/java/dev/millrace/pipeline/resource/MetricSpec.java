package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

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
 * @param explode the array field whose items are counted one by one; implied where another setting
 *     names a field of items, such as {@code items[].quantity}
 * @param window one window, such as {@code 5m}; {@code minute}, {@code hour} and {@code day} are
 *     the current ones, {@code all} is everything since the start
 * @param windows several windows, instead of {@code window}
 * @param unit shown beside the numbers: {@code bytes}, {@code percent}, {@code ms}, a currency such
 *     as {@code USD}, or any word
 * @param limit how many groups are listed by default, 1 to 1000; by default 10
 * @param maxGroups how many groups are kept in each bucket, the others together as one group, of
 *     {@code by}; 1 to 1000000, by default 100000
 * @param approximate whether values are estimated, in little memory however many there are, rather
 *     than counted exactly, of {@code unique}; by default false
 * @param formula CEL over the names of other metrics, such as {@code purchases / views}
 * @param key the field that identifies a row, of {@code latest}
 * @param value the field that is the state of a row, of {@code latest}
 * @param since the timestamp field since when a row is in its state, of {@code latest}
 * @param position the fields of longitude and latitude, of {@code latest}
 * @param fences name to polygon (WKT), of {@code latest}
 * @param cells grid of cells, such as {@code h3/8}, of {@code latest}
 * @param rows how many rows are kept, the newest ones, of {@code latest}; 1 to 1000000, by default
 *     100000
 * @param leave state to how long after a row came into it the row leaves, such as {@code 10m}, of
 *     {@code latest}; needs {@code value}
 */
@ValidationRule(
        value = "has(self.measure) != has(self.formula)",
        message = "needs a measure or a formula: one of the two")
@ValidationRule(
        value = "!(has(self.window) && has(self.windows))",
        message = "window and windows are both there: keep one of them")
@ValidationRule(
        value =
                "!has(self.measure) || self.measure == 'latest' || has(self.window) || has(self.windows)",
        message = "needs a window, such as 5m or all")
@ValidationRule(
        value = "!has(self.measure) || has(self.of) != (self.measure in ['count', 'latest'])",
        message =
                "of names the field that is measured: count and latest take none, the others need it")
@ValidationRule(
        value = "!has(self.measure) || has(self.key) == (self.measure == 'latest')",
        message = "key is for measure: latest, which needs it")
@ValidationRule(
        value = "!has(self.maxGroups) || has(self.by)",
        message = "maxGroups is for metrics with by only")
@ValidationRule(
        value = "!has(self.approximate) || (has(self.measure) && self.measure == 'unique')",
        message = "approximate is for measure: unique only")
@ValidationRule(
        value = "!has(self.rows) || (has(self.measure) && self.measure == 'latest')",
        message = "rows is for measure: latest only")
public record MetricSpec(
        @JsonPropertyDescription("Unique; also the prefix of its keys in Redis")
                @Required
                @Pattern("^[a-z][a-z0-9_]{0,62}$")
                String name,
        @JsonPropertyDescription("What people read; by default made from the name") String title,
        @JsonPropertyDescription("The stream; may be left out where there is only one") String from,
        @JsonPropertyDescription("What is measured") Measure measure,
        @JsonPropertyDescription("The field that is measured; not for count and latest") String of,
        @JsonPropertyDescription(
                        "One field, or several with commas between: a number for each of their values")
                String by,
        @JsonPropertyDescription(
                        "CEL over the stream's fields: only events for which it is true count")
                String where,
        @JsonPropertyDescription(
                        "The array field whose items are counted one by one; implied where another setting names a field of items, such as items[].quantity")
                String explode,
        @JsonPropertyDescription(
                        "One window, such as 5m; minute, hour and day are the current ones, all is everything since the start")
                @Pattern(Patterns.WINDOW)
                String window,
        @JsonPropertyDescription("Several windows, instead of window")
                List<@Pattern(Patterns.WINDOW) String> windows,
        @JsonPropertyDescription(
                        "Shown beside the numbers: bytes, percent, ms, a currency such as USD, or any word")
                String unit,
        @JsonPropertyDescription("How many groups are listed by default, 1 to 1000; by default 10")
                @Min(1)
                @Max(1000)
                Integer limit,
        @JsonPropertyDescription(
                        "How many groups are kept in each bucket, the others together as one group, of by; 1 to 1000000, by default 100000")
                @Min(1)
                @Max(1000000)
                Integer maxGroups,
        @JsonPropertyDescription(
                        "Whether values are estimated, in little memory however many there are, rather than counted exactly, of unique; by default false")
                Boolean approximate,
        @JsonPropertyDescription("CEL over the names of other metrics, such as purchases / views")
                String formula,
        @JsonPropertyDescription("The field that identifies a row, of latest") String key,
        @JsonPropertyDescription("The field that is the state of a row, of latest") String value,
        @JsonPropertyDescription("The timestamp field since when a row is in its state, of latest")
                String since,
        @JsonPropertyDescription("The fields of longitude and latitude, of latest")
                List<String> position,
        @JsonPropertyDescription("Name to polygon (WKT), of latest") Map<String, String> fences,
        @JsonPropertyDescription("Grid of cells, such as h3/8, of latest")
                @Pattern("^h3/([0-9]|1[0-5])$")
                String cells,
        @JsonPropertyDescription(
                        "How many rows are kept, the newest ones, of latest; 1 to 1000000, by default 100000")
                @Min(1)
                @Max(1000000)
                Integer rows,
        @JsonPropertyDescription(
                        "State to how long after a row came into it the row leaves, such as 10m, of latest; needs value")
                Map<String, String> leave) {

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
