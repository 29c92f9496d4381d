package dev.millrace.audit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoClientSettings;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;

import dev.millrace.audit.document.Entry;
import dev.millrace.audit.document.EventJson;
import dev.millrace.audit.document.RandomJson;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.testing.TestServers;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import tools.jackson.databind.json.JsonMapper;

import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class EventStoreTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static MongoClient client;

    private MongoDatabase database;
    private MongoCollection<BsonDocument> events;
    private EventStore store;

    @BeforeAll
    static void connect() {
        client = MongoClients.create(TestServers.mongo().uri("store"));
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @BeforeEach
    void begin() {
        database = client.getDatabase("store-" + NUMBER.incrementAndGet());
        events = database.getCollection("events", BsonDocument.class);
        store = new EventStore(database, "events", Duration.ofDays(30));
    }

    private static Entry entry(long offset, String json) {
        return entry(offset, json, null);
    }

    private static Entry entry(long offset, String json, Rejected rejected) {
        return new Entry(
                new TopicPartition("t", 0),
                offset,
                Optional.empty(),
                1_000,
                json.getBytes(StandardCharsets.UTF_8),
                2_000,
                rejected,
                2_000,
                0);
    }

    private BsonDocument found(long offset) {
        return events.find(new BsonDocument("_id", new BsonString("t:0:" + offset))).first();
    }

    @Test
    void writesWhatIsNewAndCountsWhatIsNot() {
        List<Entry> entries =
                List.of(
                        entry(0, "{\"a\":1}"),
                        entry(1, "{", new Rejected(Cause.malformed, "Not JSON")),
                        entry(2, "{\"a\":3}"));
        assertThat(store.write(entries.subList(0, 2))).isEqualTo(new Written(1, 1, 0, 0, 0));
        assertThat(store.write(entries)).isEqualTo(new Written(1, 0, 2, 0, 0));
        assertThat(store.write(entries)).isEqualTo(new Written(0, 0, 3, 0, 0));
        assertThat(events.countDocuments()).isEqualTo(3);
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void saysWhenAnotherEventHasItsPlace(CapturedOutput output) {
        List<Entry> entries = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < 50; i++) {
            entries.add(entry(i, RandomJson.object(random, 3)));
        }
        store.write(entries);
        for (Entry entry : entries) {
            new EventStore(database, "events", null).write(List.of(entry));
        }
        assertThat(output).doesNotContain("is recorded already");
        var anew = new EventStore(database, "events", null);
        anew.write(List.of(entry(7, "{\"of\":\"another topic\"}")));
        assertThat(output).contains("Event t:0:7 is recorded already, but as another one");
    }

    @Test
    void storesEveryNameAndShape() {
        Random random = new Random(11);
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            entries.add(entry(i, RandomJson.object(random, 4)));
        }
        entries.add(entry(500, "{\"x\":" + "[".repeat(63) + "]".repeat(63) + "}"));
        entries.add(entry(501, "{\"x\":" + "{\"a\":".repeat(63) + "1" + "}".repeat(63) + "}"));
        assertThat(store.write(entries)).isEqualTo(new Written(502, 0, 0, 0, 0));
        JsonMapper mapper = new JsonMapper();
        var raw = events.withDocumentClass(RawBsonDocument.class);
        for (Entry entry : entries) {
            var id = new BsonDocument("_id", new BsonString(entry.id()));
            var sent = mapper.readTree(entry.value());
            var back = mapper.readTree(EventJson.of(raw.find(id).first()));
            assertThat(back.propertyNames())
                    .containsExactlyInAnyOrderElementsOf(sent.propertyNames());
        }
    }

    @Test
    void recordsAsFailedWhatTheStoreRefuses() {
        events.createIndex(
                new BsonDocument("user", new BsonInt32(1)), new IndexOptions().unique(true));
        String twin = "{\"user\":\"twin\"}";
        Written written =
                store.write(
                        List.of(entry(0, twin), entry(1, twin), entry(2, "{\"user\":\"other\"}")));
        assertThat(written).isEqualTo(new Written(2, 0, 0, 1, 0));
        BsonDocument refused = found(1);
        assertThat(refused.getString("doc_type").getValue()).isEqualTo("failed");
        assertThat(refused.getString("_cause").getValue()).isEqualTo("store");
        assertThat(refused.getString("failed_event").getValue()).isEqualTo(twin);
        assertThat(refused.getString("reason").getValue())
                .startsWith("Refused by the store: E11000");
        assertThat(store.write(List.of(entry(0, twin), entry(1, twin))))
                .isEqualTo(new Written(0, 0, 2, 0, 0));
    }

    @Test
    void findsTheOneThatIsTooLargeAmongOthers() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            entries.add(entry(i, "{\"n\":" + i + "}"));
        }
        entries.add(5, entry(99, "{\"x\":[" + "1,".repeat(2_000_000) + "1]}"));
        Written written = store.write(entries);
        // Some may be written by the first try, and found there by the second.
        assertThat(written.success() + written.duplicates()).isEqualTo(9);
        assertThat(written.refused()).isEqualTo(1);
        assertThat(events.countDocuments()).isEqualTo(10);
        assertThat(found(99).getInt32("failed_event_bytes").getValue()).isEqualTo(4_000_009);
        assertThat(found(99).getString("reason").getValue()).startsWith("Refused by the store: ");
    }

    @Test
    void makesIndexesOnceAndAgainForAnotherRetention() {
        store.check();
        store.check();
        new EventStore(database, "events", Duration.ofDays(7)).check();
        new EventStore(database, "events", null).check();
        assertThat(store.write(List.of(entry(0, "{}"))).success()).isEqualTo(1);
    }

    @Test
    void saysThatTheStoreDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0);
                MongoClient nobody =
                        MongoClients.create(
                                MongoClientSettings.builder()
                                        .applyToClusterSettings(
                                                cluster ->
                                                        cluster.hosts(
                                                                        List.of(
                                                                                new ServerAddress(
                                                                                        "127.0.0.1",
                                                                                        silent
                                                                                                .getLocalPort())))
                                                                .serverSelectionTimeout(
                                                                        300, TimeUnit.MILLISECONDS))
                                        .build())) {
            EventStore away = new EventStore(nobody.getDatabase("x"), "events", null);
            assertThatThrownBy(() -> away.write(List.of(entry(0, "{}"))))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessage("Mongo does not answer: check that it runs");
            assertThatThrownBy(away::check).isInstanceOf(StoreUnavailableException.class);
        }
    }
}
