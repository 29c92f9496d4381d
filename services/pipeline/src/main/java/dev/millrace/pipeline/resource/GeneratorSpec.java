package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.List;
import java.util.Map;

/**
 * Synthetic events in the shape of a stream: actors come, do some things in a session, and leave.
 *
 * @param rate events in a batch, a number or a range such as {@code 20..100}; by default {@code
 *     20..100}
 * @param waitAfterBatch pause after each batch, by default {@code 1s}
 * @param invalid share of events that are broken on purpose, such as {@code 1%}; by default none
 * @param seed the same seed gives the same events (but for their time); absent: different each time
 * @param actor the field that names who acts, and how many there are
 * @param session the field that names a session, and how long one is
 * @param values how other fields get their values; fields without an entry get plausible ones for
 *     their type
 */
public record GeneratorSpec(
        @JsonPropertyDescription(
                        "Events in a batch, a number or a range such as 20..100; by default 20..100")
                @Pattern("^[0-9]{1,7}(\\.\\.[0-9]{1,7})?$")
                @Default("20..100")
                String rate,
        @JsonPropertyDescription("Pause after each batch, by default 1s")
                @Pattern(Patterns.DURATION)
                @Default("1s")
                String waitAfterBatch,
        @JsonPropertyDescription(
                        "Share of events that are broken on purpose, such as 1%; by default none")
                @Pattern("^[0-9]{1,3}(\\.[0-9]{1,6})?%$")
                @Default("0%")
                String invalid,
        @JsonPropertyDescription(
                        "The same seed gives the same events (but for their time); absent: different each time")
                Long seed,
        @JsonPropertyDescription("The field that names who acts, and how many there are")
                ActorSpec actor,
        @JsonPropertyDescription("The field that names a session, and how long one is")
                SessionSpec session,
        @JsonPropertyDescription(
                        "How other fields get their values; fields without an entry get plausible ones for their type")
                Map<String, ValueSpec> values) {

    /**
     * Who acts.
     *
     * @param field a string field
     * @param count how many actors exist, by default 500
     * @param format their names, with {@code {n}} for the number; by default {@code FIELD-{n}}
     */
    public record ActorSpec(
            @JsonPropertyDescription("A string field") @Required String field,
            @JsonPropertyDescription("How many actors exist, by default 500")
                    @Min(1)
                    @Max(10_000_000)
                    @Default("500")
                    Integer count,
            @JsonPropertyDescription("Their names, with {n} for the number; by default FIELD-{n}")
                    String format) {}

    /**
     * What an actor does in one go.
     *
     * @param field a string field
     * @param length average number of events in a session, by default 12
     * @param pause average time between two events of a session, by default {@code 8s}
     */
    public record SessionSpec(
            @JsonPropertyDescription("A string field") @Required String field,
            @JsonPropertyDescription("Average number of events in a session, by default 12")
                    @Min(1)
                    @Max(100_000)
                    @Default("12")
                    Integer length,
            @JsonPropertyDescription("Average time between two events of a session, by default 8s")
                    @Pattern(Patterns.DURATION)
                    @Default("8s")
                    String pause) {}

    /**
     * How one field gets its values: exactly one of {@code weights}, {@code choices} and {@code
     * range}.
     *
     * @param weights value to its weight, such as {@code page_view: 80}
     * @param choices values of falling popularity; {@code /products/{1..40}} stands for forty of
     *     them
     * @param skew how much more popular the first choices are (Zipf's exponent), by default 1.0; 0
     *     is uniform
     * @param range least and greatest number, such as {@code 1..500}, log-uniform
     * @param perActor the value belongs to the actor and never changes
     */
    @ValidationRule(
            value =
                    "(has(self.weights) ? 1 : 0) + (has(self.choices) ? 1 : 0) + (has(self.range) ? 1 : 0) == 1",
            message = "needs exactly one of weights, choices and range")
    public record ValueSpec(
            @JsonPropertyDescription("Value to its weight, such as page_view: 80")
                    Map<String, Double> weights,
            @JsonPropertyDescription(
                            "Values of falling popularity; /products/{1..40} stands for forty of them")
                    List<String> choices,
            @JsonPropertyDescription(
                            "How much more popular the first choices are (Zipf's exponent), by default 1.0; 0 is uniform")
                    @Min(0)
                    @Max(5)
                    Double skew,
            @JsonPropertyDescription("Least and greatest number, such as 1..500, log-uniform")
                    @Pattern("^-?[0-9]{1,12}(\\.[0-9]{1,6})?\\.\\.-?[0-9]{1,12}(\\.[0-9]{1,6})?$")
                    String range,
            @JsonPropertyDescription("The value belongs to the actor and never changes")
                    Boolean perActor) {}
}
