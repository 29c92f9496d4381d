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
 * @param session the field that names a session, and how long one is or what it goes through
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
        @JsonPropertyDescription(
                        "The field that names a session, and how long one is or what it goes through")
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
     * What an actor does in one go, or the life of a thing: so many events with pauses, or steps
     * that follow each other.
     *
     * @param field a string field
     * @param length average number of events in a session, by default 12; not with steps
     * @param pause average time between two events of a session, by default {@code 8s}; not with
     *     steps
     * @param format their names, with {@code {n}} for a number that counts up; by default random
     *     digits
     * @param state a string field that holds the name of the step
     * @param since a timestamp field that holds when the step began
     * @param steps what a session goes through, from the first one on
     * @param path where a session is, and how it moves
     */
    @ValidationRule(
            value = "has(self.steps) || !(has(self.state) || has(self.since) || has(self.path))",
            message = "state, since and path need steps")
    public record SessionSpec(
            @JsonPropertyDescription("A string field") @Required String field,
            @JsonPropertyDescription(
                            "Average number of events in a session, by default 12; not with steps")
                    @Min(1)
                    @Max(100_000)
                    @Default("12")
                    Integer length,
            @JsonPropertyDescription(
                            "Average time between two events of a session, by default 8s; not with steps")
                    @Pattern(Patterns.DURATION)
                    @Default("8s")
                    String pause,
            @JsonPropertyDescription(
                            "Their names, with {n} for a number that counts up; by default random digits")
                    String format,
            @JsonPropertyDescription("A string field that holds the name of the step") String state,
            @JsonPropertyDescription("A timestamp field that holds when the step began")
                    String since,
            @JsonPropertyDescription("What a session goes through, from the first one on")
                    List<StepSpec> steps,
            @JsonPropertyDescription("Where a session is, and how it moves") PathSpec path) {}

    /**
     * One step of a session: an event when it begins, and further ones where it says so.
     *
     * @param name what the field of the state holds
     * @param lasts how long, such as {@code 5m} or {@code 2m..6m}, short ones more often; a step
     *     that moves lasts until it has arrived by default
     * @param every a further event so often while the step lasts; by default none
     * @param moves whether it moves along the path
     * @param next step to its weight; by default, where there is no end either, the one that is
     *     listed below
     * @param end weight of ending after this step, beside those of next
     */
    public record StepSpec(
            @JsonPropertyDescription("What the field of the state holds") @Required String name,
            @JsonPropertyDescription(
                            "How long, such as 5m or 2m..6m, short ones more often; a step that moves lasts until it has arrived by default")
                    @Pattern(Patterns.DURATIONS)
                    String lasts,
            @JsonPropertyDescription(
                            "A further event so often while the step lasts; by default none")
                    @Pattern(Patterns.DURATION)
                    String every,
            @JsonPropertyDescription("Whether it moves along the path") Boolean moves,
            @JsonPropertyDescription(
                            "Step to its weight; by default, where there is no end either, the one that is listed below")
                    Map<String, Double> next,
            @JsonPropertyDescription("Weight of ending after this step, beside those of next")
                    @Min(0)
                    @Max(1_000_000_000)
                    Double end) {}

    /**
     * Where a session is, and how it moves: through streets, or from point to point. Exactly one of
     * {@code streets} and {@code points}.
     *
     * @param longitude a number field
     * @param latitude a number field
     * @param speed in km/h, such as {@code 20} or {@code 15..30}; each session has its own
     * @param streets streets to move in, each time to another crossing
     * @param points way-points, each as longitude and latitude, such as {@code 12.47 41.89}: from
     *     the first one to the last, and back
     * @param starts where sessions begin in the streets, at the crossing next to one of these; by
     *     default at any
     */
    @ValidationRule(
            value = "has(self.streets) != has(self.points)",
            message = "needs exactly one of streets and points")
    public record PathSpec(
            @JsonPropertyDescription("A number field") @Required String longitude,
            @JsonPropertyDescription("A number field") @Required String latitude,
            @JsonPropertyDescription("In km/h, such as 20 or 15..30; each session has its own")
                    @Pattern(Patterns.SPEED)
                    @Default("15..30")
                    String speed,
            @JsonPropertyDescription("Streets to move in, each time to another crossing")
                    StreetsSpec streets,
            @JsonPropertyDescription(
                            "Way-points, each as longitude and latitude, such as 12.47 41.89: from the first one to the last, and back")
                    List<String> points,
            @JsonPropertyDescription(
                            "Where sessions begin in the streets, at the crossing next to one of these; by default at any")
                    List<String> starts) {}

    /**
     * Streets that cross at right angles, from south to north and from west to east.
     *
     * @param west least longitude, in degrees
     * @param south least latitude, in degrees
     * @param east greatest longitude, in degrees
     * @param north greatest latitude, in degrees
     * @param block metres from one street to the next, by default 150
     */
    @ValidationRule(
            value = "self.west < self.east && self.south < self.north",
            message = "west must be less than east, and south less than north")
    public record StreetsSpec(
            @JsonPropertyDescription("Least longitude, in degrees") @Required @Min(-180) @Max(180)
                    Double west,
            @JsonPropertyDescription("Least latitude, in degrees") @Required @Min(-85) @Max(85)
                    Double south,
            @JsonPropertyDescription("Greatest longitude, in degrees")
                    @Required
                    @Min(-180)
                    @Max(180)
                    Double east,
            @JsonPropertyDescription("Greatest latitude, in degrees") @Required @Min(-85) @Max(85)
                    Double north,
            @JsonPropertyDescription("Metres from one street to the next, by default 150")
                    @Min(10)
                    @Max(100_000)
                    @Default("150")
                    Integer block) {}

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
     * @param per another field: the value belongs to that one's value and never changes
     * @param redraw steps in whose events the value is drawn; the others keep it
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
                    Boolean perActor,
            @JsonPropertyDescription(
                            "Another field: the value belongs to that one's value and never changes")
                    String per,
            @JsonPropertyDescription("Steps in whose events the value is drawn; the others keep it")
                    List<String> redraw) {}
}
