package dev.millrace.audit.recount;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How far each partition is recorded, beside the events: {@code _id} is {@code TOPIC:PARTITION},
 * and every event before {@code offset} that Kafka still had is in the collection. Written after
 * the events, so it never says too much.
 */
public final class RecordedPositions {
    private static final String SUFFIX = "_positions";
    private static final String OFFSET = "offset";
    private static final String AT = "at";

    private final MongoCollection<BsonDocument> collection;

    /** The positions that belong to a collection of events. */
    public RecordedPositions(MongoDatabase database, String events) {
        this.collection = database.getCollection(events + SUFFIX, BsonDocument.class);
    }

    /**
     * Notes positions.
     *
     * @param positions the next offset of each partition
     * @throws com.mongodb.MongoException where the store does not take them
     */
    public void write(Map<TopicPartition, Long> positions) {
        if (positions.isEmpty()) {
            return;
        }
        List<WriteModel<BsonDocument>> writes = new ArrayList<>();
        positions.forEach(
                (partition, offset) -> {
                    String id = partition.topic() + ":" + partition.partition();
                    BsonDocument document = new BsonDocument("_id", new BsonString(id));
                    document.put(OFFSET, new BsonInt64(offset));
                    document.put(AT, new BsonDateTime(System.currentTimeMillis()));
                    writes.add(
                            new ReplaceOneModel<>(
                                    Filters.eq("_id", id),
                                    document,
                                    new ReplaceOptions().upsert(true)));
                });
        collection.bulkWrite(writes);
    }

    /**
     * How far a partition is recorded.
     *
     * @param offset the first one that may not be
     * @param at when that was noted, in milliseconds since 1970
     */
    public record Noted(long offset, long at) {}

    /**
     * The positions of a topic's partitions, by {@code TOPIC:PARTITION}.
     *
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Map<String, Long> read(String topic) {
        Map<String, Long> positions = new HashMap<>();
        noted(topic).forEach((partition, noted) -> positions.put(partition, noted.offset()));
        return positions;
    }

    /**
     * The same, and when they were noted.
     *
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Map<String, Noted> noted(String topic) {
        Map<String, Noted> positions = new HashMap<>();
        for (BsonDocument document : collection.find()) {
            String id = document.getString("_id").getValue();
            if (id.substring(0, id.lastIndexOf(':')).equals(topic)) {
                positions.put(
                        id,
                        new Noted(
                                document.getNumber(OFFSET).longValue(),
                                document.getDateTime(AT, new BsonDateTime(0)).getValue()));
            }
        }
        return positions;
    }
}
