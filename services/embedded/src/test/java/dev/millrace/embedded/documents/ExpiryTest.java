package dev.millrace.embedded.documents;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.bson.Document;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class ExpiryTest {

    private static final String EVENTS = "events";
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir Path folder;

    @Test
    void removesWhatIsOlderThanTheIndexSays() {
        try (var store = StoreInMemory.open(null)) {
            store.index(EVENTS, "expiry", new Document("at", 1), after(3_600));
            store.insert(
                    EVENTS,
                    List.of(
                            at("old", NOW.minusSeconds(3_600)),
                            at("new", NOW.minusSeconds(3_599)),
                            at("text", "1999"),
                            at("number", 5),
                            at("null", null),
                            at("one old of several", List.of(NOW, NOW.minusSeconds(9_999))),
                            at("several new", List.of(NOW, NOW)),
                            new Document("_id", "none")));
            store.store().expiry().sweep(NOW);
            assertThat(ids(store))
                    .containsExactlyInAnyOrder(
                            "new", "text", "number", "null", "several new", "none");
            store.store().expiry().sweep(NOW.plusSeconds(3_600));
            assertThat(ids(store)).containsExactlyInAnyOrder("text", "number", "null", "none");
        }
    }

    @Test
    void removesOnlyWhatAPartialIndexIsOf() {
        try (var store = StoreInMemory.open(null)) {
            var options = after(0).append("partialFilterExpression", new Document("kind", "bad"));
            store.index(EVENTS, "expiry", new Document("at", 1), options);
            store.insert(
                    EVENTS,
                    List.of(
                            at("good", NOW).append("kind", "good"),
                            at("bad", NOW).append("kind", "bad")));
            store.store().expiry().sweep(NOW);
            assertThat(ids(store)).containsExactly("good");
        }
    }

    @Test
    void keepsEverythingWhereNothingExpires() {
        try (var store = StoreInMemory.open(null)) {
            store.index(EVENTS, "by_at", new Document("at", 1), new Document());
            store.insert(EVENTS, List.of(at("old", Instant.EPOCH)));
            store.store().expiry().sweep(NOW);
            assertThat(ids(store)).containsExactly("old");
        }
    }

    /** As long as documents expire as fast as they come. */
    @Test
    void theFileDoesNotGrowForEver() throws IOException {
        var path = folder.resolve("documents.mv");
        List<Long> sizes = new ArrayList<>();
        try (var store = StoreInMemory.open(path)) {
            // as when more than 45 s pass
            store.file().setRetentionTime(0);
            store.index(EVENTS, "expiry", new Document("at", 1), after(60));
            for (var minute = 0; minute < 12; minute++) {
                var time = NOW.plus(Duration.ofMinutes(minute));
                for (var batch = 0; batch < 5; batch++) {
                    List<Document> documents = new ArrayList<>();
                    for (var i = 0; i < 1_000; i++) {
                        var id = "k:%d:%d:%d".formatted(minute, batch, i);
                        documents.add(at(id, time.plusMillis(i)).append("text", "x".repeat(200)));
                    }
                    store.insert(EVENTS, documents);
                }
                store.store().expiry().sweep(time);
                sizes.add(Files.size(path));
            }
            assertThat(store.find(EVENTS, new Document())).hasSizeBetween(5_000, 10_000);
        }
        assertThat(sizes.getLast()).as("%s", sizes).isLessThan(3 * sizes.get(3));
    }

    private static Document after(int seconds) {
        return new Document("expireAfterSeconds", seconds);
    }

    private static Document at(String id, Object at) {
        return new Document("_id", id).append("at", at);
    }

    private static List<Object> ids(StoreInMemory store) {
        return store.find(EVENTS, new Document()).stream()
                .map(document -> document.get("_id"))
                .toList();
    }
}
