package dev.millrace.pipeline.event;

import static dev.millrace.pipeline.event.OneOfEach.DECODER;
import static dev.millrace.pipeline.event.OneOfEach.decode;
import static dev.millrace.pipeline.event.OneOfEach.field;
import static dev.millrace.pipeline.event.OneOfEach.rejected;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What an event is made of: the last of what is there twice, its time, and what it lacks. */
class EventDecoderTest {
    @Test
    void namesThatMeanSomethingElsewhereMeanNothing() {
        for (String name :
                List.of(
                        "__proto__",
                        "constructor",
                        "prototype",
                        "toString",
                        "",
                        ".",
                        "p.q",
                        "$s",
                        "s ")) {
            assertThat(decode("{\"" + name + "\":{\"s\":5}}")).as(name).isInstanceOf(Event.class);
        }
        EventDecoder decoder =
                new EventDecoder(
                        TestPlans.streamOf(
                                "__proto__: {type: string}, constructor.name: {type: string}"));
        assertThat(
                        decoder.decode(
                                "{\"__proto__\":\"a\",\"constructor\":{\"name\":\"b\"}}"
                                        .getBytes(StandardCharsets.UTF_8),
                                0))
                .isInstanceOf(Event.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"s\":\"a\",\"s\":\"b\"} | s | b",
                "{\"s\":5,\"s\":\"b\"} | s | b",
                "{\"s\":\"a\",\"s\":null} | s | ",
                "{\"t\":\"x\",\"t\":1} | t | 1000",
                "{\"p\":{\"q\":\"a\"},\"p\":{\"q\":\"b\"}} | p.q | b",
                "{\"p\":{\"q\":\"a\"},\"p\":{}} | p.q | ",
                "{\"p\":{\"q\":\"a\"},\"p\":null} | p.q | ",
                "{\"p\":{\"q\":\"a\"},\"p\":[]} | p.q | ",
                "{\"p\":{\"q\":5},\"p\":{\"r\":{\"s\":1}}} | p.r.s | 1",
                "{\"p\":{\"q\":5,\"q\":\"b\"}} | p.q | b",
                "{\"p\":{\"r\":{\"s\":\"x\"},\"r\":1}} | p.r.s | ",
                "{\"p\":5} | p.q | ",
                "{\"p\":[{\"q\":\"a\"}]} | p.q | ",
                "{\"o\":{\"a\":1,\"a\":2}} | o | {a=2}"
            })
    void ofWhatIsThereTwiceTheLastOneCounts(String json, String field, String text) {
        assertThat(((Event) decode(json)).text(field(field))).isEqualTo(text);
    }

    @Test
    void theLastOfTwoIsJudged() {
        rejected(decode("{\"s\":\"a\",\"s\":5}"), Cause.type);
        rejected(decode("{\"p\":{\"q\":\"a\"},\"p\":{\"q\":5}}"), Cause.type);
        rejected(decode("{\"s\":5,\"x\":"), Cause.malformed);
        rejected(decode("{\"s\":5}{}"), Cause.malformed);
    }

    @Test
    void everyMissingFieldIsNamed() {
        EventDecoder decoder =
                new EventDecoder(
                        TestPlans.streamOf(
                                "user_id: {type: string}, event_type: {type: string}, a.b: {type: string}, x: {type: string, optional: true}"));
        Decoded decoded =
                decoder.decode("{\"user_id\":null,\"a\":{}}".getBytes(StandardCharsets.UTF_8), 0);
        assertThat(rejected(decoded, Cause.missing).reason())
                .isEqualTo("Missing fields: ['user_id', 'event_type', 'a.b']");
    }

    @Test
    void eventTimeIsTheTimeFieldOrWhenItWasReceived() {
        StreamPlan stream =
                TestPlans.plan(
                                "  streams: [{name: e, fields: {at: {type: timestamp, optional: true}}, time: at}]\n")
                        .streams()
                        .getFirst();
        EventDecoder decoder = new EventDecoder(stream);
        assertThat(
                        ((Event) decoder.decode("{\"at\":5}".getBytes(StandardCharsets.UTF_8), 77))
                                .time())
                .isEqualTo(5_000);
        assertThat(((Event) decoder.decode("{}".getBytes(StandardCharsets.UTF_8), 77)).time())
                .isEqualTo(77);
        assertThat(((Event) decode("{\"t\":5}")).time()).isEqualTo(77);
    }

    @Test
    void oneFieldOfAnInvalidEventCanBeHad() {
        byte[] bytes = "{\"s\":\"key\",\"i\":\"no number\",\"b\":".getBytes(StandardCharsets.UTF_8);
        assertThat(DECODER.peek(bytes, field("s"))).isEqualTo("key");
        assertThat(DECODER.peek(bytes, field("i"))).isNull();
        assertThat(DECODER.peek(null, field("s"))).isNull();
    }
}
