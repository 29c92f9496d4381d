package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The decoder's short cut for events of the usual form decides as its parser does, value by value
 * and reason by reason. {@code -DargLine=-Dmillrace.fuzz=N} tries N mutated events.
 */
class ShortCutFuzzTest {
    private static final StreamPlan STREAM =
            TestPlans.streamOf(
                    """
                    timestamp: {type: timestamp}, user_id: {type: string},
                    kind: {type: string, enum: [page_view, click, "", über], optional: true},
                    num: {type: integer, optional: true}, d: {type: number, optional: true},
                    ok: {type: boolean, optional: true}, o: {type: object, optional: true},
                    l: {type: array, optional: true}, place.city: {type: string, optional: true},
                    user: {type: string, optional: true}
                    """);
    private static final List<String> SEEDS =
            List.of(
                    "{\"timestamp\":\"2026-11-21T10:42:30.123Z\",\"user_id\":\"user-7\",\"kind\":\"page_view\",\"num\":42,\"d\":1.5,\"ok\":true}",
                    "{\"timestamp\":\"2026-11-21T10:42:30Z\",\"user_id\":\"a\",\"kind\":\"click\",\"num\":-1,\"d\":0.1,\"ok\":false,\"extra\":\"x\"}",
                    "{\"timestamp\":\"2026-11-21T10:42:30.123Z\",\"user_id\":\"/a/path/of/forty/bytes/to/something/long\",\"kind\":\"über\"}",
                    "{\"timestamp\":\"2026-11-21T10:43:30.123Z\",\"user_id\":\""
                            + "0123456789".repeat(13)
                            + "\",\"user\":\"12345678901234567890123456789012\"}",
                    " { \"user_id\" : \"user-123456789012345678901234567890\" , \"timestamp\" : 1700000000 , \"o\" : null }\n",
                    "{\"user_id\":\"u\",\"timestamp\":1700000000.123,\"other\":[1],\"place\":{\"city\":\"Rome\"}}",
                    "{\"timestamp\":\"2026-11-21T10:42:59.999Z\",\"user_id\":\"ä\",\"d\":123456789.012345,\"num\":999999999999999}",
                    "{\"timestamp\":\"2026-11-21 10:42:30\",\"user\":\"x\",\"user_id\":\"\",\"kind\":\"\",\"l\":null,\"skip\":-12.50}");

    /** What a decoder that reads too far would take for the rest of an event. */
    private static final List<String> BEHIND =
            List.of("", "\"}", "}", "0Z\"}", ",\"user_id\":\"u\"}", "\0\0\0\0\0\0\0\0\0");

    private static final String[] PIECES = {
        "\"",
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "0",
        "-",
        "-0",
        "00",
        "1e3",
        ".5",
        "5.",
        "null",
        "true",
        "false",
        "nul",
        "truex",
        "\\u0041",
        "\\\"",
        "ä",
        "\u0000",
        "\u001f",
        "\u007f",
        "\"user_id\":\"y\",",
        "\"num\":1,",
        "\"num\":\"1\",",
        "\"num\":1.0,",
        "\"d\":1e12,",
        "\"d\":-0.0,",
        "\"kind\":\"other\",",
        "\"place\":{\"city\":\"x\"},",
        "\"place\":1,",
        "\"place.city\":\"x\",",
        "\"timestamp\":\"2026-11-21T10:42:60Z\",",
        "\"timestamp\":\"2026-11-21T10:42:61.000Z\",",
        "\"timestamp\":\"9999-12-31T23:59:59.999Z\",",
        "\"timestamp\":\"1970-01-01T00:00:00Z\",",
        "\"timestamp\":\"2026-11-21T10:42:30.12aZ\",",
        "\"timestamp\":\"2026-02-30T00:00:00.000Z\",",
        "9223372036854775807",
        "9223372036854775808",
        "1000000000000000",
        "999999999999999",
        "0.000000000000001",
        "1000000000000.0",
        "1000000000000.1",
        "/",
        "2026-11-21T10:42:31.000z",
        "\"\":1,",
        "\"ok\":1,",
        "\"ok\":null,",
        "\"o\":{},",
        "\"l\":[],",
        "\ufeff",
        "}{",
        "\"l\":0,"
    };

    private final EventDecoder decoder = new EventDecoder(STREAM);

    @Test
    void mutatedEvents() {
        Random random = new Random(20261121);
        long tries = Long.getLong("millrace.fuzz", 100_000);
        List<byte[]> pool = new ArrayList<>();
        SEEDS.forEach(seed -> pool.add(seed.getBytes(StandardCharsets.UTF_8)));
        long valid = 0;
        for (long i = 0; i < tries; i++) {
            byte[] event = pool.get(random.nextInt(pool.size()));
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                event = mutate(event, random);
            }
            if (agrees(event)) {
                valid++;
                if (pool.size() < 2_000) {
                    pool.add(event);
                }
            }
            if (pool.size() == 2_000) {
                pool.subList(SEEDS.size(), pool.size()).clear();
            }
        }
        assertThat(valid).isBetween(tries / 20, tries - tries / 20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{}",
                "{ }",
                "{} ",
                "{}}",
                "{,}",
                "{\"user_id\":\"x\",}",
                "{\"user_id\"\"x\"}",
                "{\"user_id\":\"x\"",
                "{\"user_id\":\"x",
                "{\"user_id\":",
                "{\"user_id",
                "{\"num\":01,\"user_id\":\"x\",\"timestamp\":0}",
                "{\"num\":1x,\"user_id\":\"x\",\"timestamp\":0}",
                "{\"num\":,\"user_id\":\"x\",\"timestamp\":0}",
                "{\"ok\":truefalse,\"user_id\":\"x\",\"timestamp\":0}",
                "{\"user_id\":\"x\",\"timestamp\":0,\"user_id\":null}",
                "{\"user_id\":null,\"timestamp\":0,\"user_id\":\"x\"}",
                "{\"user_id\":1,\"timestamp\":0,\"user_id\":\"x\"}",
                "{\"user_id\":\"x\",\"timestamp\":-0}",
                "{\"user_id\":\"x\",\"timestamp\":\"2026-11-21T10:42:30.123Z\"}\u0000",
                "{\"user_id\":\"x\",\"timestamp\":\"1969-12-31T23:59:59.999Z\"}",
                "{\"user\":\"prefix of user_id\",\"user_id\":\"x\",\"timestamp\":0}",
                "{\"user_idx\":\"longer\",\"user_id\":\"x\",\"timestamp\":0}",
                "{\"place\":\"text\",\"user_id\":\"x\",\"timestamp\":0}",
                "{\"user_id\":\"x\",\"timestamp\":253402300799999}",
                "{\"user_id\":\"x\",\"timestamp\":253402300800000}"
            })
    void cases(String event) {
        agrees(event.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void longOnes() {
        for (int length : new int[] {63, 64, 65, 255, 256, 257, 8_191, 8_192, 8_193, 1 << 20}) {
            String text = "x".repeat(length);
            agrees(
                    ("{\"timestamp\":0,\"user_id\":\"" + text + "\"}")
                            .getBytes(StandardCharsets.UTF_8));
            agrees(
                    ("{\"" + text + "\":1,\"timestamp\":0,\"user_id\":\"x\"}")
                            .getBytes(StandardCharsets.UTF_8));
            agrees(
                    ("{\"timestamp\":0,\"user_id\":\"x\",\"other\":1" + "0".repeat(length) + "}")
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void textsOfEachLengthAreToldApart() {
        for (int again = 0; again < 2; again++) {
            for (int length = 0; length <= 140; length++) {
                for (int other = 0; other < length; other++) {
                    String text = "x".repeat(other) + "y" + "x".repeat(length - other - 1);
                    agrees(
                            ("{\"timestamp\":0,\"user_id\":\"" + text + "\"}")
                                    .getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    @Test
    void valuesAreNotMixedUpInTheCache() {
        for (int i = 0; i < 40_000; i++) {
            String user = Integer.toString(i * 7919 % 25_000, 36);
            Event event =
                    (Event)
                            decoder.decode(
                                    ("{\"timestamp\":0,\"user_id\":\"" + user + "\"}")
                                            .getBytes(StandardCharsets.UTF_8),
                                    0);
            assertThat(event.value(STREAM.schema().field("user_id").orElseThrow())).isEqualTo(user);
        }
    }

    /** Fails where the two differ; says whether the event is valid. */
    private boolean agrees(byte[] bytes) {
        Object decoded = comparable(decoder.decode(bytes, 7));
        Object expected = comparable(decoder.parse(bytes, 7));
        if (!decoded.equals(expected)) {
            fail("%s\ndecoded %s\nparsed  %s", text(bytes), decoded, expected);
        }
        for (String behind : BEHIND) {
            ByteBuffer within = within(bytes, behind);
            Object there = comparable(decoder.decode(within, 7));
            if (!there.equals(expected) || within.remaining() != bytes.length) {
                fail("%s before %s\ndecoded %s\nparsed  %s", text(bytes), behind, there, expected);
            }
        }
        return expected instanceof List;
    }

    /** An event within other bytes, as it is within Kafka's. */
    private static ByteBuffer within(byte[] bytes, String behind) {
        byte[] end = behind.getBytes(StandardCharsets.UTF_8);
        ByteBuffer all = ByteBuffer.allocate(3 + bytes.length + end.length);
        return all.put(new byte[] {'{', '"', ','}).put(bytes).put(end).slice(3, bytes.length);
    }

    private static Object comparable(Decoded decoded) {
        if (!(decoded instanceof Event event)) {
            return decoded;
        }
        List<Object> values = new ArrayList<>();
        values.add(event.time());
        STREAM.schema().fields().forEach(field -> values.add(event.value(field)));
        return values;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] mutate(byte[] bytes, Random random) {
        var out = new ByteArrayOutputStream();
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + random.nextInt(4));
        out.write(bytes, 0, at);
        switch (random.nextInt(6)) {
            case 0 -> out.write(bytes, end, bytes.length - end);
            case 1 -> {
                out.write(random.nextInt(256));
                out.write(bytes, at, bytes.length - at);
            }
            case 2 -> {
                out.write(random.nextInt(128));
                end = Math.min(bytes.length, at + 1);
                out.write(bytes, end, bytes.length - end);
            }
            case 3 -> {
                int from = random.nextInt(bytes.length + 1);
                out.write(bytes, from, Math.min(bytes.length - from, random.nextInt(30)));
                out.write(bytes, at, bytes.length - at);
            }
            default -> {
                // Where a name or a value begins, pieces of JSON are most likely to fit.
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                int place = text.indexOf(random.nextBoolean() ? ",\"" : ":", at);
                place = place < 0 ? at : place + 1;
                out.write(bytes, at, place - at);
                out.writeBytes(
                        PIECES[random.nextInt(PIECES.length)].getBytes(StandardCharsets.UTF_8));
                out.write(bytes, place, bytes.length - place);
            }
        }
        return out.size() == 0 ? new byte[] {'{'} : out.toByteArray();
    }
}
