package dev.millrace.embedded.documents;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Document;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** How results are read in parts, and what happens meanwhile. */
class CursorTest {

    private static final String EVENTS = "events";

    @AutoClose private final StoreInMemory store = StoreInMemory.open(null);

    @Test
    void givesAsManyAsAskedForAndTheRestLater() {
        insert(0, 2_500, "");
        var first = cursor(store.command("find", EVENTS, new Document("batchSize", 700)));
        assertThat((List<?>) first.get("firstBatch")).hasSize(700);
        var unspecified = cursor(store.command("find", EVENTS, new Document()));
        assertThat((List<?>) unspecified.get("firstBatch")).hasSize(101);
        assertThat(store.find(EVENTS, new Document())).hasSize(2_500);
        var single = new Document("singleBatch", true).append("limit", 300);
        var only = cursor(store.command("find", EVENTS, single));
        assertThat((List<?>) only.get("firstBatch")).hasSize(300);
        assertThat(only.get("id")).isEqualTo(0L);
    }

    @Test
    void givesFewerWhereTheyAreLarge() {
        for (var i = 0; i < 20; i++) {
            insert(i, i + 1, "x".repeat(2_000_000));
        }
        var first = cursor(store.command("find", EVENTS, new Document("batchSize", 1_000)));
        assertThat((List<?>) first.get("firstBatch")).hasSizeBetween(2, 10);
        assertThat(store.find(EVENTS, new Document("batchSize", 1_000))).hasSize(20);
    }

    @Test
    void givesUpCursorsThatNobodyUses() {
        insert(0, 1_000, "");
        var id = cursor(store.command("find", EVENTS, new Document())).get("id");
        assertThat(openCursors()).isEqualTo(1);
        store.command("killCursors", EVENTS, new Document("cursors", List.of(id)));
        assertThat(openCursors()).isZero();

        cursor(store.command("find", EVENTS, new Document()));
        var database = (DocumentDatabase) store.store().resolveDatabase(StoreInMemory.DATABASE);
        database.removeIdleCursors(System.nanoTime());
        assertThat(openCursors()).isEqualTo(1);
        database.removeIdleCursors(System.nanoTime() + TimeUnit.MINUTES.toNanos(11));
        assertThat(openCursors()).isZero();
    }

    @Test
    void readsOnWhileDocumentsComeAndGo() {
        insert(0, 2_000, "");
        var first = cursor(store.command("find", EVENTS, new Document("batchSize", 100)));
        insert(2_000, 4_000, "");
        var gone = new Document("n", new Document("$gte", 1_500).append("$lt", 2_000));
        store.command(
                "delete",
                EVENTS,
                new Document("deletes", List.of(new Document("q", gone).append("limit", 0))));
        var rest =
                store.command(
                        "getMore",
                        first.get("id"),
                        new Document("collection", EVENTS).append("batchSize", 10_000));
        List<?> batch = (List<?>) cursor(rest).get("nextBatch");
        // those that were read from the file before may be among them
        assertThat(batch).hasSizeBetween(1_400, 4_000);
    }

    @Test
    void readersFindWholeDocumentsWhileTheyAreChanged() throws InterruptedException {
        store.index(EVENTS, "by_n", new Document("n", 1), new Document());
        insert(0, 2_000, "");
        var done = new AtomicBoolean();
        var failure = new AtomicReference<Throwable>();
        var changing =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, e) -> failure.set(e))
                        .start(() -> change(done));
        try {
            for (var i = 0; i < 200; i++) {
                var narrow = new Document("n", new Document("$gte", 100).append("$lt", 200));
                var found = store.find(EVENTS, new Document("filter", narrow));
                assertThat(ids(found)).hasSize(100);
                assertThat(ids(store.find(EVENTS, new Document()))).hasSize(2_000);
                assertThat(found).allMatch(one -> one.get("twin").equals(one.get("count")));
            }
        } finally {
            done.set(true);
            changing.join();
        }
        assertThat(failure).hasNullValue();
    }

    /** Changes documents so that two of their fields are always equal. */
    private void change(AtomicBoolean done) {
        for (var i = 0; !done.get(); i++) {
            var set = new Document("$set", new Document("count", i).append("twin", i));
            var one = new Document("q", new Document("_id", "k" + (100 + i % 100)));
            store.command("update", EVENTS, new Document("updates", List.of(one.append("u", set))));
        }
    }

    private static HashSet<Object> ids(List<Document> documents) {
        var ids = new HashSet<>();
        documents.forEach(document -> ids.add(document.get("_id")));
        return ids;
    }

    private int openCursors() {
        var metrics = (Document) store.store().getServerStatus().get("metrics");
        return ((Number) ((Document) ((Document) metrics.get("cursor")).get("open")).get("total"))
                .intValue();
    }

    private static Document cursor(Document reply) {
        return (Document) reply.get("cursor");
    }

    private void insert(int from, int to, String text) {
        List<Document> documents = new ArrayList<>();
        for (var i = from; i < to; i++) {
            documents.add(
                    new Document("_id", "k" + i)
                            .append("n", i)
                            .append("count", 0)
                            .append("twin", 0)
                            .append("text", text));
        }
        store.insert(EVENTS, documents);
    }
}
