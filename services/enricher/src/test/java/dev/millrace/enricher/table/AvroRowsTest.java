package dev.millrace.enricher.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.enricher.TestPlans;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.testing.TestSchemaRegistry;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Rows and changes of rows in Avro mean what they mean in JSON. */
class AvroRowsTest {
    private static final TablePlan TABLE =
            TestPlans.plan(
                            "test",
                            """
                              tables:
                                - name: products
                                  key: id
                                  topic: products
                                  format: avro
                                  fields: {id: {type: integer}, name: {type: string}, changed: {type: timestamp, optional: true},
                                           stamp: {type: integer, optional: true}}
                              streams: [{name: events, fields: {id: {type: string}}}]
                            """)
                    .tables()
                    .getFirst();
    private static final Schema ROW =
            SchemaBuilder.record("Value")
                    .fields()
                    .requiredInt("id")
                    .requiredString("name")
                    .endRecord();
    private static final Schema TIME =
            LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
    private static final Schema GROWN =
            SchemaBuilder.record("Value")
                    .fields()
                    .optionalString("colour")
                    .requiredString("name")
                    .name("changed")
                    .type(TIME)
                    .noDefault()
                    .name("stamp")
                    .type(TIME)
                    .noDefault()
                    .requiredLong("id")
                    .endRecord();

    private final TestSchemaRegistry registry = new TestSchemaRegistry();
    private final RowReader reader = new RowReader(TABLE, client());

    private SchemaRegistry client() {
        return new SchemaRegistry(URI.create(registry.url()), null);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private byte[] bytes(Object value, Schema schema) {
        int id = client().register("products-value", schema);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        try {
            BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
            new GenericDatumWriter<>(schema).write(value, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static GenericRecord row(Schema schema, Object... namesAndValues) {
        GenericRecord row = new GenericData.Record(schema);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            row.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return row;
    }

    private byte[] change(
            Schema rows, GenericRecord before, GenericRecord after, String operation) {
        Schema either = Schema.createUnion(Schema.create(Schema.Type.NULL), rows);
        Schema envelope =
                SchemaBuilder.record("Envelope")
                        .fields()
                        .name("before")
                        .type(either)
                        .noDefault()
                        .name("after")
                        .type(either)
                        .noDefault()
                        .requiredString("op")
                        .requiredLong("ts_ms")
                        .endRecord();
        return bytes(
                row(envelope, "before", before, "after", after, "op", operation, "ts_ms", 1L),
                envelope);
    }

    private static String text(RowChange change) {
        return switch (change) {
            case RowChange.Put put -> "put " + put.key() + " " + Arrays.toString(put.row());
            case RowChange.Delete delete -> "delete " + delete.key();
            case RowChange.Unreadable wrong -> "unreadable " + wrong.key() + ": " + wrong.reason();
        };
    }

    private String read(byte[] key, byte[] value) {
        return text(reader.read(key, value));
    }

    @Test
    void rowsAreReadAlsoWhenTheirSchemaGrows() {
        assertThat(read(null, bytes(row(ROW, "id", 1, "name", "a"), ROW)))
                .isEqualTo("put 1 [1, a, null, null]");
        GenericRecord grown =
                row(
                        GROWN,
                        "id",
                        1L,
                        "name",
                        "b",
                        "colour",
                        "red",
                        "changed",
                        1_700_000_000_123L,
                        "stamp",
                        7L);
        assertThat(read(null, bytes(grown, GROWN))).isEqualTo("put 1 [1, b, 1700000000123, 7]");
    }

    @Test
    void changesOfDebeziumAreHonoured() {
        GenericRecord a = row(ROW, "id", 1, "name", "a");
        GenericRecord b = row(ROW, "id", 1, "name", "b");
        assertThat(read(null, change(ROW, null, a, "c"))).isEqualTo("put 1 [1, a, null, null]");
        assertThat(read(null, change(ROW, a, b, "u"))).isEqualTo("put 1 [1, b, null, null]");
        assertThat(read(null, change(ROW, b, null, "d"))).isEqualTo("delete 1");
        GenericRecord grown =
                row(GROWN, "id", 2L, "name", "b", "changed", 1_700_000_000_123L, "stamp", 7L);
        assertThat(read(null, change(GROWN, null, grown, "r")))
                .isEqualTo("put 2 [2, b, 1700000000123, 7]");
    }

    @Test
    void tombstonesSayTheirRowInAvroOrPlainly() {
        Schema key = SchemaBuilder.record("Key").fields().requiredInt("id").endRecord();
        assertThat(read(bytes(row(key, "id", 5), key), null)).isEqualTo("delete 5");
        assertThat(read(bytes(6L, Schema.create(Schema.Type.LONG)), null)).isEqualTo("delete 6");
        assertThat(read(bytes("x", Schema.create(Schema.Type.STRING)), new byte[0]))
                .isEqualTo("delete x");
        assertThat(read("7".getBytes(StandardCharsets.UTF_8), null)).isEqualTo("delete 7");
        assertThat(read(null, null)).startsWith("unreadable null");
    }

    @Test
    void whatIsNoRowIsUnreadable() {
        byte[] key = "9".getBytes(StandardCharsets.UTF_8);
        byte[] right = bytes(row(ROW, "id", 1, "name", "a"), ROW);
        assertThat(read(key, "{\"id\":1,\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8)))
                .startsWith("unreadable 9: Not Avro: begins with 0x7b");
        assertThat(read(key, new byte[] {0, 0, 1})).contains("3 bytes do not hold a schema's id");
        assertThat(read(key, new byte[] {0, 0, 0, 9, 9, 1})).contains("Unknown schema");
        assertThat(read(key, Arrays.copyOf(right, right.length - 1)))
                .isEqualTo("unreadable 9: Not Avro of schema 1");
        assertThat(read(key, bytes(5, Schema.create(Schema.Type.INT))))
                .isEqualTo("unreadable 9: Not a JSON object but a number");
        Schema nameless = SchemaBuilder.record("Value").fields().requiredInt("id").endRecord();
        assertThat(read(key, bytes(row(nameless, "id", 1), nameless)))
                .isEqualTo("unreadable 1: Missing fields: ['name']");
    }

    @Test
    void anyBytesMeanSomething() {
        byte[] right = change(ROW, null, row(ROW, "id", 1, "name", "a"), "c");
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            byte[] value = Arrays.copyOf(right, random.nextInt(right.length + 4));
            for (int n = random.nextInt(3); n > 0 && value.length > 5; n--) {
                value[5 + random.nextInt(value.length - 5)] = (byte) random.nextInt();
            }
            assertThat(reader.read(value, value)).isNotNull();
        }
    }

    @Test
    void aRegistryThatIsAwayMakesNothingUnreadable() {
        byte[] value = bytes(row(ROW, "id", 1, "name", "a"), ROW);
        registry.away(true);
        assertThatThrownBy(() -> reader.read(null, value))
                .isInstanceOf(SchemasUnavailableException.class)
                .hasMessageContaining("it is away");
        registry.away(false);
        assertThat(text(new RowReader(TABLE, client()).read(null, value))).startsWith("put 1");
    }
}
