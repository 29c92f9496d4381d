package dev.millrace.audit.recount;

import org.bson.RawBsonDocument;

/**
 * Where an event is in Kafka, as its document's {@code _id} has it.
 *
 * @param partition {@code TOPIC:PARTITION}
 */
record RecordId(String partition, long offset) {
    static RecordId of(RawBsonDocument document) {
        String id = document.getString("_id").getValue();
        int colon = id.lastIndexOf(':');
        return new RecordId(id.substring(0, colon), Long.parseLong(id, colon + 1, id.length(), 10));
    }
}
