package dev.millrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.result.UpdateResult;

import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;

class EmbeddedMongoTest {

    @TempDir Path folder;

    @Test
    void keepsDocumentsAndIndexesOverRestarts() {
        int port;
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit")) {
            port = mongo.port();
            assertThat(mongo.uri()).isEqualTo("mongodb://127.0.0.1:%d/audit".formatted(port));
            assertThat(mongo.uri("other")).endsWith("/other");
            with(
                    mongo,
                    events -> {
                        events.createIndex(Indexes.ascending("n"), new IndexOptions().unique(true));
                        events.insertMany(List.of(numbered("a", 1), numbered("b", 2)));
                    });
            mongo.restart();
            with(mongo, events -> events.insertOne(numbered("c", 3)));
            mongo.stop();
            assertThat(FreePorts.isFree(port)).isTrue();
            mongo.restart();
            assertThat(mongo.port()).isEqualTo(port);
        }
        try (var mongo = EmbeddedMongo.start(folder, port, "audit")) {
            with(
                    mongo,
                    events -> {
                        assertThat(events.find().map(event -> event.getString("_id")))
                                .containsExactly("a", "b", "c");
                        assertThat(events.find(Filters.eq("_id", "b")).first())
                                .isEqualTo(numbered("b", 2));
                        assertDuplicate(events, numbered("a", 9));
                        assertDuplicate(events, numbered("d", 3));
                        assertThat(events.countDocuments()).isEqualTo(3);
                    });
        }
    }

    @Test
    void todaysClientsAcceptItsVersion() {
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit");
                MongoClient client = MongoClients.create(mongo.uri())) {
            var hello = client.getDatabase("admin").runCommand(new Document("hello", 1));
            assertThat(hello.getInteger("maxWireVersion")).isGreaterThanOrEqualTo(9);
        }
    }

    @Test
    void keepsEveryKindOfValue() {
        var kinds = new ArrayList<Document>();
        kinds.add(new Document("_id", "text").append("v", "καλημέρα"));
        kinds.add(new Document("_id", 7).append("v", 1).append("long", 1L << 40));
        kinds.add(new Document("_id", 7_000_000_000L).append("v", -0.5));
        kinds.add(new Document("_id", 1.5).append("v", Decimal128.parse("1.10")));
        kinds.add(new Document("_id", new ObjectId()).append("v", true).append("none", null));
        kinds.add(
                new Document("_id", Date.from(Instant.ofEpochMilli(5)))
                        .append("v", List.of(1, "x")));
        kinds.add(
                new Document("_id", new Document("nested", 1).append("b", "c"))
                        .append("v", new Binary(new byte[] {0, 1, -1})));
        kinds.add(new Document("_id", UUID.randomUUID().toString()).append("v", new Document()));
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit")) {
            with(mongo, events -> kinds.forEach(events::insertOne));
            mongo.restart();
            with(
                    mongo,
                    events -> {
                        assertThat(events.find()).containsExactlyInAnyOrderElementsOf(kinds);
                        for (var document : kinds) {
                            assertThat(events.find(Filters.eq("_id", document.get("_id"))).first())
                                    .isEqualTo(document);
                        }
                    });
        }
    }

    @Test
    void ordersAndRemovesNumbersAsNumbers() {
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit")) {
            with(
                    mongo,
                    events -> {
                        for (var n : List.of(300, 2, -1, 70_000)) {
                            events.insertOne(new Document("_id", n));
                        }
                        assertThat(events.find().map(event -> event.getInteger("_id")))
                                .containsExactly(-1, 2, 300, 70_000);
                        assertThat(events.deleteOne(Filters.eq("_id", 300)).getDeletedCount())
                                .isOne();
                        events.insertOne(new Document("_id", 300));
                        events.drop();
                        assertThat(events.countDocuments()).isZero();
                    });
        }
    }

    @Test
    void findsByIdWhateverElseIsAskedOfTheDocument() {
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit")) {
            with(
                    mongo,
                    events -> {
                        events.insertMany(List.of(numbered("a", 1), numbered("b", 2)));
                        var older = Filters.and(Filters.eq("_id", "a"), Filters.lt("n", 2));
                        var newer = Filters.and(Filters.eq("_id", "b"), Filters.lt("n", 2));
                        assertThat(events.find(older)).hasSize(1);
                        assertThat(events.find(newer)).isEmpty();
                        assertThat(events.find(Filters.in("_id", "a", "b", "c"))).hasSize(2);
                        var upsert = new ReplaceOptions().upsert(true);
                        assertThat(events.replaceOne(older, numbered("a", 5), upsert))
                                .extracting(UpdateResult::getModifiedCount)
                                .isEqualTo(1L);
                        assertThatThrownBy(() -> events.replaceOne(newer, numbered("b", 1), upsert))
                                .hasMessageContaining("E11000");
                        assertThat(events.find(Filters.eq("_id", "b")).first())
                                .containsEntry("n", 2);
                    });
        }
    }

    @Test
    void answersHello() {
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit");
                var client = MongoClients.create(mongo.uri())) {
            var hello = client.getDatabase("audit").runCommand(new Document("hello", 1));
            assertThat(hello.getBoolean("isWritablePrimary")).isTrue();
            assertThat(hello.getInteger("maxWireVersion")).isPositive();
        }
    }

    @Test
    void isAwayWhileStopped() {
        try (var mongo = EmbeddedMongo.start(folder, 0, "audit");
                var client =
                        MongoClients.create(
                                mongo.uri() + "?serverSelectionTimeoutMS=500&retryReads=false")) {
            var events = client.getDatabase("audit").getCollection("events");
            events.insertOne(numbered("a", 1));
            mongo.stop();
            assertThatThrownBy(() -> events.find().first()).isInstanceOf(MongoException.class);
            mongo.restart();
            try (var again = MongoClients.create(mongo.uri())) {
                assertThat(again.getDatabase("audit").getCollection("events").find().first())
                        .isEqualTo(numbered("a", 1));
            }
        }
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatThrownBy(() -> EmbeddedMongo.start(folder, other.getLocalPort(), "audit"))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("127.0.0.1:" + other.getLocalPort())
                    .hasMessageContaining("choose another port");
        }
    }

    @Test
    void saysThatTheDataIsDamagedAndGivesTheFolderBack() throws IOException {
        Files.writeString(folder.resolve("documents.mv"), "no documents".repeat(1_000));
        for (var time = 0; time < 2; time++) {
            assertThatThrownBy(() -> EmbeddedMongo.start(folder, 0, "audit"))
                    .isInstanceOf(ServerStartException.class)
                    .hasMessageContaining("documents.mv")
                    .hasMessageContaining("Delete that file to start empty")
                    .hasMessageNotContaining("holds it");
        }
    }

    private static void assertDuplicate(MongoCollection<Document> events, Document document) {
        assertThatThrownBy(() -> events.insertOne(document))
                .isInstanceOfSatisfying(
                        MongoWriteException.class,
                        e ->
                                assertThat(e.getError().getCategory())
                                        .isEqualTo(ErrorCategory.DUPLICATE_KEY));
    }

    private static Document numbered(String id, int n) {
        return new Document("_id", id).append("n", n);
    }

    private static void with(EmbeddedMongo mongo, Work work) {
        try (MongoClient client = MongoClients.create(mongo.uri())) {
            work.on(client.getDatabase("audit").getCollection("events"));
        }
    }

    private interface Work {
        void on(MongoCollection<Document> events);
    }
}
