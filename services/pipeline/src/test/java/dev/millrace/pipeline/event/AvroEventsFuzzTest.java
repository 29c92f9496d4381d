package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.plan.StreamPlan;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Events of random schemas: what Avro makes of them is what JSON makes of their records, and no
 * bytes at all break the decoder.
 */
class AvroEventsFuzzTest {
    private static final StreamPlan STREAM =
            TestPlans.plan(
                            """
                              streams:
                                - name: events
                                  format: avro
                                  fields:
                                    s: {type: string, optional: true}
                                    e: {type: string, enum: [a, b], optional: true}
                                    i: {type: integer, optional: true}
                                    d: {type: number, optional: true}
                                    b: {type: boolean, optional: true}
                                    t: {type: timestamp, optional: true}
                                    o: {type: object, optional: true}
                                    l: {type: array, optional: true}
                                    p.q: {type: string, optional: true}
                                    p.r.t: {type: timestamp, optional: true}
                            """)
                    .streams()
                    .getFirst();
    private static final String[] TYPES = {
        "\"string\"",
        "\"int\"",
        "\"long\"",
        "\"float\"",
        "\"double\"",
        "\"boolean\"",
        "\"bytes\"",
        "\"null\"",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
        "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}",
        "{\"type\":\"int\",\"logicalType\":\"date\"}",
        "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}",
        "[\"null\",\"string\"]",
        "[\"null\",\"long\",\"string\"]",
        "[\"int\",\"double\",\"boolean\"]",
        "{\"type\":\"array\",\"items\":\"double\"}",
        "{\"type\":\"array\",\"items\":[\"null\",\"string\"]}",
        "{\"type\":\"map\",\"values\":\"long\"}",
        "{\"type\":\"map\",\"values\":[\"string\",\"boolean\"]}"
    };
    private static final Map<String, List<String>> LIKELY =
            Map.of(
                    "s", List.of("\"string\"", "\"bytes\"", "[\"null\",\"string\"]"),
                    "i", List.of("\"int\"", "\"long\"", "[\"null\",\"int\"]"),
                    "d",
                            List.of(
                                    "\"float\"",
                                    "\"int\"",
                                    "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}"),
                    "b", List.of("\"boolean\"", "[\"null\",\"boolean\"]"),
                    "t", List.of("{\"type\":\"int\",\"logicalType\":\"date\"}", "\"null\""),
                    "o", List.of("{\"type\":\"map\",\"values\":\"long\"}"),
                    "l", List.of("{\"type\":\"array\",\"items\":\"double\"}"));
    private static final String[] NAMES = {"s", "e", "i", "d", "b", "t", "o", "l", "x", "y"};

    private final Random random = new Random(20261121);
    private final KnownSchemas schemas = new KnownSchemas();
    private final EventDecoder decoder = EventDecoder.of(STREAM, schemas);
    private final EventDecoder records = new EventDecoder(STREAM);
    private int names;

    @Test
    void agreesWithTheRecordsOfItsEvents() throws IOException {
        int valid = 0;
        for (int i = 0; i < 1_500; i++) {
            Schema schema = new Schema.Parser().parse(schema());
            int id = schemas.register("events-value", schema);
            for (Object datum : new RandomData(schema, 4, random.nextLong())) {
                byte[] bytes = bytes(id, schema, datum);

                Decoded decoded = decoder.decode(bytes, 7);
                Decoded recorded = records.decode(decoder.readable(bytes), 7);

                if (decoded instanceof Event event) {
                    valid++;
                    assertThat(recorded).as("%s %s", schema, datum).isInstanceOf(Event.class);
                    assertThat(values((Event) recorded))
                            .as("%s %s", schema, datum)
                            .isEqualTo(values(event));
                } else {
                    assertThat(((Rejected) recorded).cause())
                            .as("%s %s %s", schema, decoded, recorded)
                            .isEqualTo(((Rejected) decoded).cause());
                }
            }
        }
        assertThat(valid).isGreaterThan(500);
    }

    @Test
    void noBytesBreakIt() throws IOException {
        List<byte[]> events = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Schema schema = new Schema.Parser().parse(schema());
            int id = schemas.register("events-value", schema);
            new RandomData(schema, 2, random.nextLong())
                    .forEach(datum -> events.add(unchecked(id, schema, datum)));
        }
        schemas.register(
                "recursive-value",
                new Schema.Parser()
                        .parse(
                                """
                                {"type":"record","name":"Self","fields":[
                                  {"name":"s","type":["null","string","Self"]},
                                  {"name":"o","type":{"type":"map","values":["long","Self"]}},
                                  {"name":"x","type":{"type":"array","items":["null","Self"]}}]}
                                """));
        for (int i = 0; i < 60_000; i++) {
            byte[] bytes = broken(events.get(random.nextInt(events.size())).clone());
            assertThat(decoder.decode(bytes, 7)).isNotNull();
            assertThat(decoder.readable(bytes)).isNotNull();
        }
    }

    private byte[] broken(byte[] bytes) {
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> {
                for (int i = random.nextInt(4); i >= 0 && bytes.length > 5; i--) {
                    bytes[5 + random.nextInt(bytes.length - 5)] = (byte) random.nextInt();
                }
                yield bytes;
            }
            case 2 -> {
                // of another schema
                ByteBuffer.wrap(bytes).putInt(1, 1 + random.nextInt(201));
                yield bytes;
            }
            default -> {
                byte[] any = new byte[5 + random.nextInt(60)];
                random.nextBytes(any);
                any[0] = 0;
                ByteBuffer.wrap(any).putInt(1, 1 + random.nextInt(202));
                yield any;
            }
        };
    }

    private static Map<String, Object> values(Event event) {
        Map<String, Object> values = new LinkedHashMap<>();
        STREAM.schema().fields().forEach(field -> values.put(field.name(), event.value(field)));
        return values;
    }

    private static byte[] unchecked(int id, Schema schema, Object datum) {
        try {
            return bytes(id, schema, datum);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(int id, Schema schema, Object datum) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema).write(datum, out);
        return bytes.toByteArray();
    }

    /** A record of some of the declared names, and others, each of some type. */
    private String schema() {
        List<String> fields = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(3) > 0) {
                fields.add(field(name, likely(name)));
            }
        }
        if (random.nextBoolean()) {
            String r = record("r" + names++, List.of(field("t", likely("t")), field("z", type())));
            String p = record("p" + names++, List.of(field("r", r), field("q", likely("s"))));
            fields.add(field("p", random.nextBoolean() ? p : "[\"null\"," + p + "]"));
        } else if (random.nextBoolean()) {
            fields.add(field("p", "{\"type\":\"map\",\"values\":" + type() + "}"));
        }
        return record("R" + names++, fields);
    }

    private String likely(String name) {
        List<String> types = LIKELY.get(name);
        return types == null || random.nextInt(12) == 0
                ? name.equals("e") && random.nextInt(8) > 0 ? "\"null\"" : type()
                : types.get(random.nextInt(types.size()));
    }

    private String type() {
        return random.nextInt(8) == 0
                ? "{\"type\":\"enum\",\"name\":\"E%d\",\"symbols\":[\"a\",\"b\",\"c\"]}"
                        .formatted(names++)
                : TYPES[random.nextInt(TYPES.length)];
    }

    private static String field(String name, String type) {
        return "{\"name\":\"%s\",\"type\":%s}".formatted(name, type);
    }

    private static String record(String name, List<String> fields) {
        return "{\"type\":\"record\",\"name\":\"%s\",\"fields\":[%s]}"
                .formatted(name, String.join(",", fields));
    }
}
