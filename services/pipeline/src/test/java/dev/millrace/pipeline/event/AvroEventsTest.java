package dev.millrace.pipeline.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemasUnavailableException;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Avro events turn out to be, by whatever schema they were written. */
class AvroEventsTest {
    private static final StreamPlan STREAM =
            TestPlans.plan(
                            """
                              streams:
                                - name: purchases
                                  format: avro
                                  time: at
                                  fields:
                                    id: {type: string}
                                    at: {type: timestamp}
                                    amount: {type: number}
                                    quantity: {type: integer}
                                    kind: {type: string, enum: [new, used], optional: true}
                                    gift: {type: boolean, optional: true}
                                    address.city: {type: string, optional: true}
                                    address.geo.lat: {type: number, optional: true}
                                    items: {type: array, optional: true, items: {sku: {type: string}, pieces: {type: integer}}}
                                    tags: {type: array, optional: true}
                                    more: {type: object, optional: true}
                            """)
                    .streams()
                    .getFirst();
    private static final String EVENT =
            """
            {"id": "p1", "at": "2026-01-31T12:00:00.5Z", "amount": 12.5, "quantity": 3, "kind": "new",
             "gift": true, "address": {"city": "Köln", "geo": {"lat": 50.9}},
             "items": [{"sku": "a", "pieces": 1, "left": "out"}, {"sku": 7, "pieces": 2}, "no object"],
             "tags": ["x", 1, 2.5, null, [true], {"y": {"z": null}}], "more": {"a": {"b": [1]}}}
            """;

    private final KnownSchemas schemas = new KnownSchemas();
    private final EventDecoder decoder = EventDecoder.of(STREAM, schemas);

    private static Map<String, Object> values(Decoded decoded) {
        assertThat(decoded).isInstanceOf(Event.class);
        Map<String, Object> values = new LinkedHashMap<>();
        STREAM.schema()
                .fields()
                .forEach(field -> values.put(field.name(), ((Event) decoded).value(field)));
        return values;
    }

    private static void assertRejected(Decoded decoded, Cause cause, String reason) {
        assertThat(decoded).isInstanceOf(Rejected.class);
        assertThat(((Rejected) decoded).reason()).contains(reason);
        assertThat(((Rejected) decoded).cause()).isEqualTo(cause);
    }

    /** The event of a record of a schema that some other program has registered. */
    private byte[] written(GenericRecord written) {
        return written(written.getSchema(), written);
    }

    private byte[] written(Schema schema, Object datum) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int id = schemas.register("purchases-value", schema);
        bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(schema).write(datum, out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return bytes.toByteArray();
    }

    private byte[] encoded() {
        return new AvroEncoder(STREAM, schemas).encode(TestPlans.event(STREAM, EVENT));
    }

    private static Schema schema(String fields) {
        return new Schema.Parser()
                .parse(
                        "{'type':'record','name':'Other','namespace':'org.other','fields':[%s]}"
                                .formatted(fields)
                                .replace('\'', '"'));
    }

    @Test
    void anEventComesBackAsItWas() {
        Map<String, Object> expected = values(TestPlans.event(STREAM, EVENT));
        // what no item may have is left out, or null
        Map<String, Object> second = new LinkedHashMap<>();
        second.put("sku", null);
        second.put("pieces", 2L);
        expected.put("items", List.of(Map.of("sku", "a", "pieces", 1L), second));

        byte[] bytes = encoded();

        Decoded decoded = decoder.decode(bytes, 0);
        assertThat(values(decoded)).isEqualTo(expected);
        assertThat(((Event) decoded).time()).isEqualTo(1769860800500L);
    }

    @Test
    void theRecordOfAnEventIsTheSameEvent() {
        byte[] bytes = encoded();

        byte[] json = decoder.readable(bytes);

        assertThat(new String(json, StandardCharsets.UTF_8))
                .contains("\"at\":\"2026-01-31T12:00:00.500Z\"")
                .contains("\"address\":{\"city\":\"Köln\",\"geo\":{\"lat\":50.9}}");
        assertThat(values(new EventDecoder(STREAM).decode(json, 0)))
                .isEqualTo(values(decoder.decode(bytes, 0)));
    }

    @Test
    void theSchemaIsDerivedFromTheFields() {
        Schema schema = new AvroEncoder(STREAM, schemas).schema();

        assertThat(schema.getFullName()).isEqualTo("millrace.purchases");
        assertThat(schema.getField("at").schema())
                .hasToString("{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}");
        assertThat(schema.getField("quantity").schema()).hasToString("\"long\"");
        assertThat(schema.getField("gift").schema()).hasToString("[\"null\",\"boolean\"]");
        assertThat(schema.getField("gift").hasDefaultValue()).isTrue();
        assertThat(schema.getField("id").hasDefaultValue()).isFalse();
        assertThat(schema.getField("address").schema().getTypes().getLast().getFields())
                .extracting(Schema.Field::name)
                .containsExactly("city", "geo");
        assertThat(schema.getField("items").schema().getTypes().getLast().getElementType())
                .extracting(Schema::getFullName)
                .isEqualTo("millrace.purchases.items");
        assertThat(new Schema.Parser().parse(schema.toString())).isEqualTo(schema);
    }

    @Test
    void aNewerSchemaWithAFurtherFieldInAnotherOrderIsRead() {
        Schema newer =
                schema(
                        """
                        {'name':'coupon','type':['null','string'],'default':null},
                        {'name':'quantity','type':'int'},
                        {'name':'amount','type':'float'},
                        {'name':'at','type':{'type':'long','logicalType':'timestamp-micros'}},
                        {'name':'nested','type':{'type':'array','items':{'type':'map','values':'bytes'}}},
                        {'name':'id','type':{'type':'string','avro.java.string':'String'}},
                        {'name':'kind','type':{'type':'enum','name':'Kind','symbols':['used','new']}}
                        """);
        byte[] bytes =
                written(
                        new GenericRecordBuilder(newer)
                                .set("coupon", "SPRING")
                                .set("quantity", 3)
                                .set("amount", 2.5f)
                                .set("at", 1769860800500999L)
                                .set(
                                        "nested",
                                        List.of(Map.of("x", ByteBuffer.wrap(new byte[] {-1}))))
                                .set("id", "p1")
                                .set(
                                        "kind",
                                        new GenericData.EnumSymbol(
                                                newer.getField("kind").schema(), "new"))
                                .build());

        assertThat(values(decoder.decode(bytes, 0)))
                .containsEntry("id", "p1")
                .containsEntry("at", 1769860800500L)
                .containsEntry("amount", 2.5)
                .containsEntry("quantity", 3L)
                .containsEntry("kind", "new")
                .containsEntry("gift", null);
        assertThat(new String(decoder.readable(bytes), StandardCharsets.UTF_8))
                .contains("\"coupon\":\"SPRING\"", "\"nested\":[{\"x\":\"/w==\"}]");
    }

    @Test
    void whatASchemaLacksIsMissing() {
        Schema older =
                schema("{'name':'id','type':'string'},{'name':'amount','type':['null','double']}");

        assertRejected(
                decoder.decode(
                        written(
                                new GenericRecordBuilder(older)
                                        .set("id", "p")
                                        .set("amount", null)
                                        .build()),
                        0),
                Cause.missing,
                "Missing fields: ['at', 'amount', 'quantity']");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    quantity | 'string'                                    | x    | type  | Wrong type: 'quantity' is a string, needs integer
                    quantity | 'double'                                    | 1.5  | type  | Wrong type: 'quantity' is no integer of at most 64 bits
                    amount   | 'double'                                    | 1e13 | size  | Too large: 'amount' is beyond ±10^12
                    amount   | 'double'                                    | NaN  | type  | Wrong type: 'amount' is a string, needs number
                    amount   | 'boolean'                                   | true | type  | Wrong type: 'amount' is a boolean, needs number
                    id       | 'long'                                      | 7    | type  | Wrong type: 'id' is a number, needs string
                    kind     | 'string'                                    | old  | value | Not allowed: 'kind' is "old"; allowed are new, used
                    at       | {'type':'long','logicalType':'timestamp-millis'} | -1 | type | Wrong type: 'at' is no time of the years 1970 to 9999
                    at       | 'string'                                    | soon | type  | Wrong type: 'at' is no time: "soon"
                    gift     | ['null','int']                              | 1    | type  | Wrong type: 'gift' is a number, needs boolean
                    """)
    void aValueThatBreaksAFieldsRuleIsRejectedAsInJson(
            String name, String type, String value, Cause cause, String reason) {
        Map<String, String> types = new LinkedHashMap<>();
        types.put("id", "'string'");
        types.put("at", "'string'");
        types.put("amount", "'double'");
        types.put("quantity", "'long'");
        types.put(name, type);
        Schema schema =
                schema(
                        String.join(
                                ",",
                                types.entrySet().stream()
                                        .map(
                                                field ->
                                                        "{'name':'%s','type':%s}"
                                                                .formatted(
                                                                        field.getKey(),
                                                                        field.getValue()))
                                        .toList()));
        GenericRecord event = new GenericData.Record(schema);
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("id", "p");
        texts.put("at", "2026-01-31");
        texts.put("amount", "1");
        texts.put("quantity", "1");
        texts.put(name, value);
        texts.forEach((each, text) -> event.put(each, value(schema, each, text)));

        byte[] bytes = written(event);

        assertRejected(decoder.decode(bytes, 0), cause, reason);
        assertRejected(
                new EventDecoder(STREAM).decode(decoder.readable(bytes), 0),
                cause,
                "'" + name + "'");
    }

    private static Object value(Schema schema, String name, String text) {
        Schema type = schema.getField(name).schema();
        return switch ((type.isUnion() ? type.getTypes().getLast() : type).getType()) {
            case LONG -> Long.valueOf(text);
            case INT -> Integer.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case BOOLEAN -> Boolean.valueOf(text);
            default -> text;
        };
    }

    @Test
    void bytesThatAreNoAvroAreMalformed() {
        byte[] event = encoded();

        assertRejected(decoder.decode((byte[]) null, 0), Cause.malformed, "Empty event");
        assertRejected(decoder.decode(new byte[] {0, 0}, 0), Cause.malformed, "Cut off");
        assertRejected(
                decoder.decode(new byte[] {7, 0, 0, 0, 1, 2}, 0),
                Cause.malformed,
                "Not Avro: begins with 0x07");
        assertRejected(
                decoder.decode(new byte[] {0, 0, 0, 1, 0, 2}, 0),
                Cause.malformed,
                "Unknown schema: the registry has no schema 256");
        assertRejected(
                decoder.decode(Arrays.copyOf(event, event.length + 2), 0),
                Cause.malformed,
                "2 bytes are left behind the event");
        for (int length = 5; length < event.length; length++) {
            assertThat(decoder.decode(Arrays.copyOf(event, length), 0))
                    .as("%d bytes", length)
                    .isInstanceOf(Rejected.class);
        }
        assertThat(decoder.readable(new byte[] {7, 8})).containsExactly(7, 8);
        assertThat(decoder.readable(Arrays.copyOf(event, 9))).isEqualTo(Arrays.copyOf(event, 9));
    }

    @Test
    void jsonInTheTopicIsRejectedForWhatIsWrongWithIt() {
        assertRejected(
                decoder.decode("{\"id\": 7}".getBytes(StandardCharsets.UTF_8), 0),
                Cause.type,
                "Wrong type: 'id' is a number");
        assertRejected(
                decoder.decode(EVENT.getBytes(StandardCharsets.UTF_8), 0),
                Cause.malformed,
                "Not Avro but JSON");
        assertRejected(
                decoder.decode("{\"id\"".getBytes(StandardCharsets.UTF_8), 0),
                Cause.malformed,
                "Not Avro: begins with 0x7b");
    }

    @Test
    void whatIsNoRecordIsMalformed() {
        assertRejected(
                decoder.decode(written(Schema.create(Schema.Type.STRING), "x"), 0),
                Cause.malformed,
                "Not a record but of type string");
    }

    @Test
    void nothingIsDecidedWhileTheRegistryIsAway() {
        byte[] event = encoded();
        schemas.away = true;

        assertThatThrownBy(() -> decoder.decode(event, 0))
                .isInstanceOf(SchemasUnavailableException.class);

        schemas.away = false;
        assertThat(decoder.decode(event, 0)).isInstanceOf(Event.class);
        schemas.away = true;
        assertThat(decoder.decode(event, 0))
                .as("a schema that was read once is known")
                .isInstanceOf(Event.class);
    }

    @Test
    void endlessNestingAndElementsWithoutBytesAreRefused() {
        Schema list =
                new Schema.Parser()
                        .parse(
                                """
                                {"type":"record","name":"List","fields":[
                                  {"name":"next","type":["null","List"]},
                                  {"name":"tags","type":{"type":"array","items":"null"}},
                                  {"name":"skipped","type":{"type":"array","items":"null"}}]}
                                """);
        byte[] header =
                ByteBuffer.allocate(5).put((byte) 0).putInt(schemas.register("x", list)).array();
        byte[] deep = new byte[EventLimits.BYTES];
        Arrays.fill(deep, (byte) 2);
        System.arraycopy(header, 0, deep, 0, 5);
        ByteBuffer many = ByteBuffer.allocate(20).put(header).put((byte) 0);
        for (int i = 0; i < 9; i++) {
            many.put((byte) -2);
        }
        byte[] endless = Arrays.copyOf(many.put((byte) 1).put((byte) 0).array(), 17);

        assertThat(decoder.decode(deep, 0)).isInstanceOf(Rejected.class);
        assertThat(decoder.readable(deep)).isSameAs(deep);
        assertRejected(decoder.decode(endless, 0), Cause.malformed, "elements");
        assertThat(decoder.readable(endless)).isSameAs(endless);
    }
}
