package dev.millrace.enricher.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.enricher.TestPlans;
import dev.millrace.pipeline.plan.TablePlan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** What the records of a table's topic mean, plain or as Debezium writes them. */
class RowReaderTest {
    private static final String SPEC =
            """
              tables:
                - {name: products, key: id, topic: products, fields: {id: {type: integer}, name: {type: string}}}
                - {name: files, key: op, file: f.csv, fields: {op: {type: string}, after: {type: object, optional: true}}}
              streams: [{name: events, fields: {id: {type: string}}}]
            """;
    private static final TablePlan TABLE = TestPlans.plan("test", SPEC).tables().getFirst();

    private final RowReader reader = new RowReader(TABLE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "| {\"id\":1,\"name\":\"a\",\"other\":[]}| put 1 a",
                "9| {\"id\":1,\"name\":\"a\"}| put 1 a",
                "| {\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"},\"op\":\"c\"}| put 1 a",
                "| {\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"},\"op\":\"r\"}| put 1 a",
                "| {\"before\":{\"id\":1,\"name\":\"a\"},\"after\":{\"id\":1,\"name\":\"b\"},\"op\":\"u\"}| put 1 b",
                "| {\"schema\":{},\"payload\":{\"before\":null,\"after\":{\"id\":1,\"name\":\"a\"},\"op\":\"c\"}}| put 1 a",
                "| {\"schema\":{},\"payload\":{\"id\":1,\"name\":\"a\"}}| put 1 a",
                "| {\"before\":{\"id\":1,\"name\":\"a\"},\"after\":null,\"op\":\"d\"}| delete 1",
                "| {\"schema\":{},\"payload\":{\"before\":{\"id\":1},\"after\":null,\"op\":\"d\"}}| delete 1",
                "{\"id\":1}| {\"before\":null,\"after\":null,\"op\":\"d\"}| delete 1",
                "| {\"id\":1,\"name\":\"a\",\"__deleted\":\"true\"}| delete 1",
                "| {\"id\":1,\"name\":\"a\",\"__deleted\":\"false\"}| put 1 a",
                "1| | delete 1",
                "\"1\"| | delete 1",
                "{\"id\":1}| | delete 1",
                "{\"schema\":{},\"payload\":{\"id\":1}}| | delete 1",
                "{\"schema\":{},\"payload\":1}| | delete 1",
                "{\"schema\":{},\"payload\":{\"id\":1}}| {\"schema\":null,\"payload\":null}| delete 1",
                "{| | delete {",
                "| | unreadable null: A record without key and value",
                "| {\"before\":null,\"after\":null,\"op\":\"d\"}| unreadable null: A deletion that does not say of which row",
                "1| {\"id\":1}| unreadable 1: Missing fields: ['name']",
                "| {\"id\":1,\"name\":2}| unreadable 1: Wrong type: 'name' is a number, needs string",
                "1| []| unreadable 1: Not a JSON object but an array",
                "1| {\"id\":| unreadable 1: Not JSON: "
            })
    void readsPlainRowsEnvelopesAndTombstones(String key, String value, String meaning) {
        assertThat(text(reader.read(bytes(key), bytes(value)))).startsWith(meaning);
    }

    @Test
    void whatIsLoadedFromAFileIsPlainWhateverItsFieldsAreCalled() {
        TablePlan table = TestPlans.plan("test", SPEC).tables().getLast();

        RowChange change =
                new RowReader(table).read(null, bytes("{\"op\":\"d\",\"after\":{\"x\":1}}"));

        assertThat(change).isInstanceOf(RowChange.Put.class);
    }

    @Test
    void noBytesWhateverEndIt() {
        Random random = new Random(7);
        String[] parts = {
            "{",
            "}",
            "[",
            "]",
            "\"id\":",
            "1",
            "\"op\"",
            ":",
            "\"after\"",
            ",",
            "null",
            "\"payload\":",
            "\\ud800",
            "\u00e4"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            if (bytes.length > 0 && random.nextInt(4) == 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            assertThat(reader.read(random.nextBoolean() ? bytes : null, bytes)).isNotNull();
            assertThat(reader.read(bytes, null)).isNotNull();
        }
        assertThat(reader.read(null, bytes("[".repeat(200_000))))
                .isInstanceOf(RowChange.Unreadable.class);
    }

    private static String text(RowChange change) {
        return switch (change) {
            case RowChange.Put put -> "put " + put.key() + " " + put.row()[1];
            case RowChange.Delete delete -> "delete " + delete.key();
            case RowChange.Unreadable wrong -> "unreadable " + wrong.key() + ": " + wrong.reason();
        };
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
