package dev.millrace.audit.document;

import org.bson.BsonReader;
import org.bson.BsonType;
import org.bson.RawBsonDocument;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.util.Set;

/**
 * The JSON of a recorded valid event: its own fields, under the names that they were sent with.
 * Equal to what was sent, but for spelling, and for what {@link EventBody} says of numbers beyond
 * 34 digits and halves of surrogate pairs.
 */
public final class EventJson {
    private static final JsonFactory JSON = new JsonFactory();

    private static final Set<String> OURS = Set.of("_id", FieldName.DOC_TYPE, AuditDocument.TIME);

    private EventJson() {}

    /** The event in a document whose {@code doc_type} is {@code success}. */
    public static byte[] of(RawBsonDocument document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (BsonReader reader = document.asBsonReader();
                JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
            writeObject(reader, json, true);
        }
        return bytes.toByteArray();
    }

    private static void writeObject(BsonReader reader, JsonGenerator json, boolean top) {
        reader.readStartDocument();
        json.writeStartObject();
        BsonType type;
        while ((type = reader.readBsonType()) != BsonType.END_OF_DOCUMENT) {
            String name = reader.readName();
            if (top && OURS.contains(name)) {
                reader.skipValue();
            } else {
                json.writeName(FieldName.decode(name));
                writeValue(reader, type, json);
            }
        }
        json.writeEndObject();
        reader.readEndDocument();
    }

    private static void writeValue(BsonReader reader, BsonType type, JsonGenerator json) {
        switch (type) {
            case DOCUMENT -> writeObject(reader, json, false);
            case ARRAY -> {
                reader.readStartArray();
                json.writeStartArray();
                BsonType next;
                while ((next = reader.readBsonType()) != BsonType.END_OF_DOCUMENT) {
                    writeValue(reader, next, json);
                }
                json.writeEndArray();
                reader.readEndArray();
            }
            case STRING -> json.writeString(reader.readString());
            case INT32 -> json.writeNumber(reader.readInt32());
            case INT64 -> json.writeNumber(reader.readInt64());
            case DOUBLE -> json.writeNumber(reader.readDouble());
            case DECIMAL128 -> json.writeNumber(reader.readDecimal128().bigDecimalValue());
            case BOOLEAN -> json.writeBoolean(reader.readBoolean());
            default -> {
                // Events have no other types: null, or what somebody else has put there.
                reader.skipValue();
                json.writeNull();
            }
        }
    }
}
