package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;

import java.nio.charset.StandardCharsets;

/** A stream with a field of each type, and what is decoded of its events. */
final class OneOfEach {
    private static final StreamPlan ONE_OF_EACH =
            TestPlans.streamOf(
                    """
                    s: {type: string, optional: true}, e: {type: string, enum: [a, b], optional: true},
                    i: {type: integer, optional: true}, d: {type: number, optional: true},
                    b: {type: boolean, optional: true}, t: {type: timestamp, optional: true},
                    o: {type: object, optional: true}, l: {type: array, optional: true},
                    p.q: {type: string, optional: true}, p.r.s: {type: integer, optional: true}
                    """);
    static final EventDecoder DECODER = new EventDecoder(ONE_OF_EACH);

    private OneOfEach() {}

    static Decoded decode(String json) {
        return DECODER.decode(json.getBytes(StandardCharsets.UTF_8), 77);
    }

    static Object value(String field, String json) {
        Decoded decoded = decode(json);
        assertThat(decoded).as(json).isInstanceOf(Event.class);
        return ((Event) decoded).value(field(field));
    }

    static FieldPlan field(String name) {
        return ONE_OF_EACH.schema().field(name).orElseThrow();
    }

    static Rejected rejected(Decoded decoded, Cause cause) {
        assertThat(decoded).isInstanceOf(Rejected.class);
        Rejected rejected = (Rejected) decoded;
        assertThat(rejected.cause()).as(rejected.reason()).isEqualTo(cause);
        assertThat(rejected.reason())
                .isNotBlank()
                .hasSizeLessThan(400)
                .matches(text -> text.chars().noneMatch(Character::isISOControl), "printable")
                .matches(
                        text -> StandardCharsets.UTF_8.newEncoder().canEncode(text),
                        "without half characters");
        return rejected;
    }
}
