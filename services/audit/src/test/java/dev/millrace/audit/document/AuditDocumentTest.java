package dev.millrace.audit.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.Manifests;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.Clock;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class AuditDocumentTest {
    private static final long RECEIVED = Instant.parse("2026-01-31T12:00:00Z").toEpochMilli();
    private static final String VALID =
            "\"at\":\"2026-01-31T11:59:58.500Z\",\"user\":\"u\",\"kind\":\"view\"";

    private final StreamPlan stream = Manifests.clicks("wall", 1, "{}").streams().getFirst();

    private Entry entry(byte[] value) {
        var decided =
                new Admission(stream, Clock.wall, new EventDecoder(stream), 0)
                        .admit(value, RECEIVED);
        return new Entry(
                new TopicPartition("clicks", 3),
                42,
                Optional.empty(),
                RECEIVED,
                value,
                decided instanceof Event event ? event.time() : 0,
                decided instanceof Rejected rejected ? rejected : null,
                0,
                0);
    }

    private BsonDocument document(String json) {
        return AuditDocument.of(entry(json.getBytes(StandardCharsets.UTF_8)));
    }

    private BsonValue field(String json) {
        return document("{" + VALID + ",\"x\":" + json + "}").get("x");
    }

    @Test
    void keepsEveryFieldAsItWasSent() {
        BsonDocument document =
                document("{" + VALID + ",\"list\":[1,\"a\",null,{\"b\":true}],\"none\":null}");
        assertThat(document.toJson())
                .isEqualTo(
                        """
                        {"_id": "clicks:3:42", "doc_type": "success", \
                        "_time": {"$date": "2026-01-31T11:59:58.5Z"}, \
                        "at": "2026-01-31T11:59:58.500Z", "user": "u", "kind": "view", \
                        "list": [1, "a", null, {"b": true}], "none": null}""");
    }

    @Test
    void storesExtendedJsonAsPlainData() {
        BsonValue id = field("{\"$oid\":\"507f1f77bcf86cd799439011\"}");
        assertThat(id.asDocument().getString("%24oid").getValue())
                .isEqualTo("507f1f77bcf86cd799439011");
        assertThat(field("{\"$date\":0}").asDocument().getInt32("%24date").getValue()).isZero();
        assertThat(field("{\"$numberLong\":\"1\"}").isDocument()).isTrue();
    }

    @Test
    void neverTakesAnEventsFieldForItsOwn() {
        BsonDocument document =
                document(
                        "{"
                                + VALID
                                + ",\"_id\":1,\"doc_type\":\"failed\",\"_time\":2,\"reason\":\"r\"}");
        assertThat(document.getString("_id").getValue()).isEqualTo("clicks:3:42");
        assertThat(document.getString("doc_type").getValue()).isEqualTo("success");
        assertThat(document.getInt32("%5Fid").getValue()).isEqualTo(1);
        assertThat(document.getString("doc%5Ftype").getValue()).isEqualTo("failed");
        assertThat(document.getInt32("%5Ftime").getValue()).isEqualTo(2);
        assertThat(document.getString("reason").getValue()).isEqualTo("r");
    }

    @ParameterizedTest
    @CsvSource({
        "0, INT32, 0",
        "-0, INT32, 0",
        "2147483647, INT32, 2147483647",
        "-2147483648, INT32, -2147483648",
        "2147483648, INT64, 2147483648",
        "9223372036854775807, INT64, 9223372036854775807",
        "-9223372036854775808, INT64, -9223372036854775808",
        "9223372036854775808, DECIMAL128, 9223372036854775808",
        "1234567890123456789012345678901234, DECIMAL128, 1234567890123456789012345678901234",
        "12345678901234567890123456789012345, STRING, 12345678901234567890123456789012345",
        "0.1, DOUBLE, 0.1",
        "1.10, DOUBLE, 1.1",
        "3.0, DOUBLE, 3.0",
        "-0.0, DOUBLE, -0.0",
        "0e7, DOUBLE, 0.0",
        "1.7976931348623157e308, DOUBLE, 1.7976931348623157E308",
        "1e400, DECIMAL128, 1E+400",
        "-1e-400, DECIMAL128, -1E-400",
        "1e7000, STRING, 1e7000",
        "1e99999999999, STRING, 1e99999999999",
    })
    void keepsNumbers(String sent, BsonType type, String stored) {
        BsonValue value = field(sent);
        assertThat(value.getBsonType()).isEqualTo(type);
        String text =
                switch (type) {
                    case INT32 -> "" + value.asInt32().getValue();
                    case INT64 -> "" + value.asInt64().getValue();
                    case DOUBLE -> "" + value.asDouble().getValue();
                    case DECIMAL128 -> value.asDecimal128().getValue().toString();
                    default -> value.asString().getValue();
                };
        assertThat(text).isEqualTo(stored);
    }

    @Test
    void replacesHalvesOfSurrogatePairs() {
        assertThat(field("\"a\\ud83db\"").asString().getValue()).isEqualTo("a\uFFFDb");
        assertThat(field("\"\\ude00\\ud83d\"").asString().getValue()).isEqualTo("\uFFFD\uFFFD");
        assertThat(field("\"\\ud83d\\ude00\"").asString().getValue()).isEqualTo("😀");
        assertThat(field("\"a\\u0000b\"").asString().getValue()).isEqualTo("a\0b");
    }

    @Test
    void keepsTheLastOfTwoFieldsOfOneName() {
        BsonDocument document = document("{" + VALID + ",\"x\":{\"a\":1},\"x\":{\"b\":2,\"b\":3}}");
        assertThat(document.getDocument("x").toJson()).isEqualTo("{\"b\": 3}");
    }

    @Test
    void keepsWhatIsInvalidAsText() {
        BsonDocument document = document("{\"user\":\"u\"");
        assertThat(document.keySet())
                .containsExactly(
                        "_id", "doc_type", "timestamp", "_cause", "failed_event", "reason");
        assertThat(document.getString("doc_type").getValue()).isEqualTo("failed");
        assertThat(document.getDateTime("timestamp").getValue()).isEqualTo(RECEIVED);
        assertThat(document.getString("_cause").getValue()).isEqualTo("malformed");
        assertThat(document.getString("failed_event").getValue()).isEqualTo("{\"user\":\"u\"");
        assertThat(document.getString("reason").getValue()).startsWith("Not JSON: ");
        BsonDocument late = document("{" + VALID.replace("2026-01-31T11", "2026-01-31T10") + "}");
        assertThat(late.getString("_cause").getValue()).isEqualTo("late");
    }

    @Test
    void keepsBytesThatAreNoText() {
        byte[] bytes = {'{', (byte) 0xC3, (byte) 0x28, 0, (byte) 0xED, (byte) 0xA0, (byte) 0x80};
        BsonDocument document = AuditDocument.of(entry(bytes));
        assertThat(document.getString("failed_event").getValue()).startsWith("{\uFFFD(\0\uFFFD");
        assertThat(document.getString("failed_event_base64").getValue()).isEqualTo("e8MoAO2ggA==");
        BsonDocument replaced = document("\uFFFD is a real character");
        assertThat(replaced.containsKey("failed_event_base64")).isFalse();
    }

    @Test
    void keepsTheEmptyAndTheMissingValueApart() {
        assertThat(document("").getString("failed_event").getValue()).isEmpty();
        assertThat(AuditDocument.of(entry(null)).isNull("failed_event")).isTrue();
    }

    @Test
    void cutsWhatNoDocumentHolds() {
        byte[] bytes = new byte[20 << 20];
        java.util.Arrays.fill(bytes, (byte) 0xFF);
        BsonDocument document = AuditDocument.of(entry(bytes));
        assertThat(document.getString("_cause").getValue()).isEqualTo("size");
        assertThat(document.getInt32("failed_event_bytes").getValue()).isEqualTo(20 << 20);
        assertThat(size(document)).isLessThan(16 << 20);
    }

    @Test
    void fitsIntoADocumentAtItsWorst() {
        String head = "{" + VALID + ",\"x\":";
        for (String item : List.of("1,", "[],", "{},", "0.5,", "\"\",", "true,")) {
            int times = ((1 << 20) - head.length() - 10) / item.length();
            String json = head + "[" + item.repeat(times) + "1]}";
            assertThat(size(document(json))).isLessThan(16 << 20);
        }
        String names = "\"%24a" + "%.".repeat((1 << 19) - 200) + "\":1}";
        assertThat(size(document("{" + VALID + "," + names))).isLessThan(16 << 20);
        String deep = head + "[".repeat(63) + "]".repeat(63) + "}";
        assertThat(document(deep).getString("doc_type").getValue()).isEqualTo("success");
    }

    private static int size(BsonDocument document) {
        return raw(document).getByteBuffer().remaining();
    }

    private static RawBsonDocument raw(BsonDocument document) {
        BasicOutputBuffer buffer = new BasicOutputBuffer();
        new BsonDocumentCodec()
                .encode(new BsonBinaryWriter(buffer), document, EncoderContext.builder().build());
        return new RawBsonDocument(buffer.toByteArray());
    }

    @Test
    void givesBackWhatWasSent() {
        JsonMapper mapper = new JsonMapper();
        Random random = new Random(3);
        for (int i = 0; i < 3_000; i++) {
            String json = "{" + VALID + ",\"x\":" + RandomJson.value(random, 4) + "}";
            byte[] back = EventJson.of(raw(document(json)));
            assertThat(same(mapper.readTree(json), mapper.readTree(back)))
                    .as("%s%n%s", json, new String(back, StandardCharsets.UTF_8))
                    .isTrue();
        }
    }

    private static boolean same(JsonNode sent, JsonNode back) {
        return sent.equals(
                (a, b) ->
                        a.equals(b)
                                        || (a.isNumber()
                                                && b.isNumber()
                                                && a.doubleValue() == b.doubleValue())
                                ? 0
                                : 1,
                back);
    }
}
