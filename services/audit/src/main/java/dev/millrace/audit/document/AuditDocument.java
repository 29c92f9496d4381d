package dev.millrace.audit.document;

import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * The document of an event. Its {@code _id} is {@code TOPIC:PARTITION:OFFSET}, so that the same
 * event is never there twice.
 *
 * <p>A valid event: {@code doc_type: "success"}, {@code _time} (event time), and the event's own
 * fields under their {@linkplain FieldName stored names}.
 *
 * <p>An invalid one: {@code doc_type: "failed"}, {@code timestamp} (when Kafka received it), {@code
 * _cause} (see {@link dev.millrace.pipeline.event.Rejected.Cause}, or {@value #REFUSED}), {@code
 * failed_event} (its text, or null), {@code reason}. Bytes that are not UTF-8 are there also as
 * {@code failed_event_base64}. Of more than {@link #TEXT_BYTES} bytes the first are kept, and
 * {@code failed_event_bytes} says how many there were.
 */
public final class AuditDocument {
    /** {@code _time}: the event time of a valid event. */
    public static final String TIME = "_time";

    /** {@code timestamp}: when Kafka received an invalid event. */
    public static final String TIMESTAMP = "timestamp";

    /** {@code doc_type} of valid events. */
    public static final String SUCCESS = "success";

    /** {@code doc_type} of invalid events. */
    public static final String FAILED = "failed";

    /** {@code _cause} of a valid event that the store refused. */
    public static final String REFUSED = "store";

    /** Bytes of an invalid event that are kept: 2 MiB, of which MongoDB's 16 MB hold all forms. */
    static final int TEXT_BYTES = 2 << 20;

    private AuditDocument() {}

    /** The document of an event. */
    public static BsonDocument of(Entry entry) {
        if (entry.rejected() != null) {
            return failed(entry, entry.rejected().cause().name(), entry.rejected().reason(), true);
        }
        BsonDocument document = new BsonDocument(16);
        document.put("_id", new BsonString(entry.id()));
        document.put(FieldName.DOC_TYPE, new BsonString(SUCCESS));
        document.put(TIME, new BsonDateTime(entry.time()));
        EventBody.addTo(document, entry.value());
        return document;
    }

    /**
     * The document of an event whose own document the store refused.
     *
     * @param reason what the store says
     * @param text whether to keep the event's text
     */
    public static BsonDocument refused(Entry entry, String reason, boolean text) {
        return failed(entry, REFUSED, "Refused by the store: " + reason, text);
    }

    private static BsonDocument failed(Entry entry, String cause, String reason, boolean text) {
        BsonDocument document = new BsonDocument();
        document.put("_id", new BsonString(entry.id()));
        document.put(FieldName.DOC_TYPE, new BsonString(FAILED));
        document.put(TIMESTAMP, new BsonDateTime(entry.received()));
        document.put("_cause", new BsonString(cause));
        if (text && entry.value() != null) {
            addText(document, entry.value());
        } else {
            document.put("failed_event", BsonNull.VALUE);
        }
        document.put("reason", new BsonString(EventBody.whole(reason)));
        return document;
    }

    private static void addText(BsonDocument document, byte[] value) {
        byte[] kept = value.length <= TEXT_BYTES ? value : Arrays.copyOf(value, TEXT_BYTES);
        String text = new String(kept, StandardCharsets.UTF_8);
        document.put("failed_event", new BsonString(text));
        if (kept != value) {
            document.put("failed_event_bytes", new BsonInt32(value.length));
        }
        if (text.indexOf('\uFFFD') >= 0 && !isUtf8(kept)) {
            document.put(
                    "failed_event_base64",
                    new BsonString(Base64.getEncoder().encodeToString(kept)));
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
