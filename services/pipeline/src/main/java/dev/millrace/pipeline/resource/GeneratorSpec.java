package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;

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
        @Pattern("[0-9]+(\\.\\.[0-9]+)?") String rate,
        @Pattern(Patterns.DURATION) String waitAfterBatch,
        @Pattern("[0-9]+(\\.[0-9]+)?%") String invalid,
        Long seed,
        ActorSpec actor,
        SessionSpec session,
        Map<String, ValueSpec> values) {

    /**
     * Who acts.
     *
     * @param field a string field
     * @param count how many actors exist, by default 500
     * @param format their names, with {@code {n}} for the number; by default {@code FIELD-{n}}
     */
    public record ActorSpec(String field, @Min(1) @Max(10_000_000) Integer count, String format) {}

    /**
     * What an actor does in one go.
     *
     * @param field a string field
     * @param length average number of events in a session, by default 12
     * @param pause average time between two events of a session, by default {@code 8s}
     */
    public record SessionSpec(
            String field,
            @Min(1) @Max(100_000) Integer length,
            @Pattern(Patterns.DURATION) String pause) {}

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
    public record ValueSpec(
            Map<String, Double> weights,
            List<String> choices,
            @Min(0) @Max(5) Double skew,
            @Pattern("-?[0-9]+(\\.[0-9]+)?\\.\\.-?[0-9]+(\\.[0-9]+)?") String range,
            Boolean perActor) {}
}
