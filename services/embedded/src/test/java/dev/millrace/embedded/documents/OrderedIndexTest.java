package dev.millrace.embedded.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;

import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is kept of an index, and brought up to date. */
class OrderedIndexTest {

    private static final String EVENTS = "events";
    private static final String KEYS = "test.events._index_by_n";
    private static final Document NONE = new Document();

    @TempDir Path folder;

    @Test
    void fillsAnIndexThatWasOnlyNamedWhenItOpens() {
        try (var store = opened()) {
            store.index(EVENTS, "by_n", new Document("n", 1), NONE);
            insert(store, 0, 2_000);
            // as earlier versions left it, which also took an index twice
            store.file().removeMap(KEYS);
            store.file().removeMap("index.filled");
            var descriptions =
                    store.store().resolveDatabase("test").resolveCollection("system.indexes", true);
            descriptions.addDocument(
                    new Document("v", 2)
                            .append("key", new Document("n", 1))
                            .append("name", "by_n")
                            .append("expireAfterSeconds", 5)
                            .append("ns", "test.events"));
        }
        try (var store = opened()) {
            assertThat(keys(store).sizeAsLong()).isEqualTo(2_000);
            assertThat(find(store, 500, 510)).hasSize(10);
            var indexes = (Document) store.command("listIndexes", EVENTS, NONE).get("cursor");
            assertThat((List<?>) indexes.get("firstBatch")).hasSize(2);
        }
    }

    @Test
    void findsWhatASuddenEndLeftOut() {
        try (var store = opened()) {
            store.index(EVENTS, "by_n", new Document("n", 1), NONE);
            insert(store, 0, 2_000);
            keys(store).remove(keys(store).firstKey());
        }
        try (var store = opened()) {
            assertThat(find(store, 0, 10)).hasSize(10);
        }
    }

    @Test
    void leavesOutWhatIsNotThere() {
        try (var store = opened()) {
            store.index(EVENTS, "by_n", new Document("n", 1), NONE);
            insert(store, 0, 2_000);
            keys(store).put(new OrderedKey(List.of(5.0), "gone"), true);
            keys(store).put(new OrderedKey(List.of(6.0), "k1999"), true);
            assertThat(find(store, 0, 10)).hasSize(10);
        }
    }

    @Test
    void holdsOnlyWhatAPartialIndexIsOf() {
        try (var store = opened()) {
            store.index(
                    EVENTS,
                    "by_n",
                    new Document("n", 1),
                    new Document("partialFilterExpression", new Document("kind", "odd")));
            insert(store, 0, 2_000);
            assertThat(keys(store).sizeAsLong()).isEqualTo(1_000);
            assertThat(find(store, 0, 10)).hasSize(10);
            store.command(
                    "update",
                    EVENTS,
                    new Document(
                            "updates",
                            List.of(
                                    new Document("q", new Document("_id", "k1"))
                                            .append(
                                                    "u",
                                                    new Document(
                                                            "$set",
                                                            new Document("kind", "even"))))));
            assertThat(keys(store).sizeAsLong()).isEqualTo(999);
        }
    }

    /** Though they move within the index by which they are found. */
    @Test
    void changesEachDocumentOnce() {
        try (var store = opened()) {
            store.index(EVENTS, "by_n", new Document("n", 1), NONE);
            insert(store, 0, 12_000);
            var update =
                    new Document("q", new Document("n", new Document("$lt", 2_500)))
                            .append("u", new Document("$inc", new Document("n", 1_200)))
                            .append("multi", true);
            var reply = store.command("update", EVENTS, new Document("updates", List.of(update)));
            assertThat(reply.get("n")).isEqualTo(2_500);
            assertThat(find(store, 0, 1_200)).isEmpty();
        }
    }

    @Test
    void isMadeAnewWithOtherOptions() {
        try (var store = opened()) {
            store.index(EVENTS, "by_n", new Document("n", 1), NONE);
            insert(store, 0, 2_000);
            store.index(EVENTS, "by_n", new Document("n", 1), NONE);
            var expiring = new Document("expireAfterSeconds", 60);
            assertThatThrownBy(() -> store.index(EVENTS, "by_n", new Document("n", 1), expiring))
                    .isInstanceOfSatisfying(
                            MongoServerError.class, e -> assertThat(e.getCode()).isEqualTo(86));
            store.command("dropIndexes", EVENTS, new Document("index", new Document("n", 1)));
            assertThat(store.file().hasMap(KEYS)).isFalse();
            assertThat(find(store, 0, 10)).hasSize(10);
            store.index(EVENTS, "by_n", new Document("n", 1), expiring);
            assertThat(keys(store).sizeAsLong()).isEqualTo(2_000);
        }
    }

    @Test
    void takesIndexesThatItCannotKeep() {
        try (var store = opened()) {
            store.index(EVENTS, "text", new Document("a", "text"), NONE);
            store.index(EVENTS, "place", new Document("b", "2dsphere"), NONE);
            insert(store, 0, 10);
            assertThat(find(store, 0, 5)).hasSize(5);
        }
    }

    @Test
    void takesEachIdOnceWhateverItsType() {
        try (var store = opened()) {
            store.insert(EVENTS, List.of(new Document("_id", "a"), new Document("_id", 1)));
            for (var id : List.<Object>of("a", 1, 1L, 1.0)) {
                assertThatThrownBy(() -> store.insert(EVENTS, List.of(new Document("_id", id))))
                        .hasMessageContaining("E11000");
            }
        }
        try (var store = opened()) {
            // entries of earlier versions
            var positions = store.file().<KeyValue, Object>openMap("test.events._index__id_");
            assertThat(positions.sizeAsLong()).isEqualTo(1);
            positions.put(new KeyValue("a"), "a");
        }
        try (var store = opened()) {
            assertThat(store.file().openMap("test.events._index__id_").sizeAsLong()).isEqualTo(1);
            assertThatThrownBy(() -> store.insert(EVENTS, List.of(new Document("_id", "a"))))
                    .hasMessageContaining("E11000");
            store.command(
                    "delete",
                    EVENTS,
                    new Document(
                            "deletes",
                            List.of(
                                    new Document("q", new Document("_id", "a"))
                                            .append("limit", 1))));
            store.insert(EVENTS, List.of(new Document("_id", "a")));
            assertThat(store.find(EVENTS, new Document())).hasSize(2);
        }
    }

    @Test
    void isThereAfterItsCollectionWasRenamed() {
        try (var store = opened()) {
            store.index("before", "by_n", new Document("n", 1), NONE);
            store.insert("before", List.of(new Document("_id", 1), new Document("_id", "a")));
            store.rename("before", EVENTS);
        }
        try (var store = opened()) {
            assertThat(keys(store).sizeAsLong()).isEqualTo(2);
            assertThatThrownBy(() -> store.insert(EVENTS, List.of(new Document("_id", 1L))))
                    .hasMessageContaining("E11000");
            assertThat(store.find(EVENTS, new Document("filter", new Document("_id", 1))))
                    .hasSize(1);
        }
    }

    private StoreInMemory opened() {
        return StoreInMemory.open(folder.resolve("documents.mv"));
    }

    private static MVMap<OrderedKey, Boolean> keys(StoreInMemory store) {
        return store.file().openMap(KEYS);
    }

    private static void insert(StoreInMemory store, int from, int to) {
        List<Document> documents = new ArrayList<>();
        for (var i = from; i < to; i++) {
            documents.add(
                    new Document("_id", "k" + i)
                            .append("n", i)
                            .append("kind", i % 2 == 0 ? "even" : "odd"));
        }
        store.insert(EVENTS, documents);
    }

    private static List<Document> find(StoreInMemory store, int from, int to) {
        return store.find(
                EVENTS,
                new Document(
                        "filter", new Document("n", new Document("$gte", from).append("$lt", to))));
    }
}
