package dev.millrace.embedded.documents;

import static org.assertj.core.api.Assertions.assertThat;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.DocumentComparator;
import de.bwaldvogel.mongo.bson.Document;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** With indexes queries find what comparing each document finds, whatever was done before. */
class QueriesAgainstScanTest {

    private static final String EVENTS = "events";
    private static final int DOCUMENTS = 3_000;

    @TempDir Path folder;

    @Test
    void findsTheSameAfterInsertsUpdatesDeletesAndRestarts() {
        var random = new RandomDocuments(20_261_122);
        Set<Object> there = new HashSet<>();
        for (var round = 0; round < 4; round++) {
            try (var store = StoreInMemory.open(folder.resolve("documents.mv"))) {
                if (round == 0) {
                    // some documents before the indexes, some after them
                    insert(store, random, 0, DOCUMENTS / 2, there);
                    declare(store);
                    insert(store, random, DOCUMENTS / 2, DOCUMENTS, there);
                }
                assertThat(ids(all(store))).containsExactlyInAnyOrderElementsOf(there);
                for (var i = 0; i < 150; i++) {
                    compare(store, random);
                }
                change(store, random, there);
                for (var i = 0; i < 150; i++) {
                    compare(store, random);
                }
            }
        }
    }

    @Test
    void aGroupOfASortThatSeveralRangesAreInIsFoundOnce() {
        try (var store = StoreInMemory.open(null)) {
            store.index(EVENTS, "by_t_s", new Document("t", 1).append("s", 1), new Document());
            List<Document> documents = new ArrayList<>();
            for (var i = 0; i < DOCUMENTS; i++) {
                documents.add(new Document("_id", i).append("t", "x").append("s", i % 4));
            }
            store.insert(EVENTS, documents);
            var query = new Document("t", "x").append("s", new Document("$in", List.of(1, 3)));

            assertThat(ids(find(store, query, new Document("t", 1), 0, 0)))
                    .doesNotHaveDuplicates()
                    .hasSize(DOCUMENTS / 2);
            assertThat(ids(find(store, query, new Document("t", -1), 0, DOCUMENTS)))
                    .doesNotHaveDuplicates()
                    .hasSize(DOCUMENTS / 2);
        }
    }

    private static void declare(StoreInMemory store) {
        var none = new Document();
        store.index(EVENTS, "by_a", new Document("a", 1), none);
        store.index(EVENTS, "by_b_a", new Document("b", 1).append("a", -1), none);
        store.index(EVENTS, "by_n", new Document("n.x", -1), none);
        store.index(EVENTS, "by_t_s", new Document("t", 1).append("s", -1), none);
        store.index(EVENTS, "by_s", new Document("s", 1), none);
        store.index(EVENTS, "by_u", new Document("u", 1), none);
        store.index(
                EVENTS,
                "x_by_a",
                new Document("a", 1),
                new Document("partialFilterExpression", new Document("t", "x")));
    }

    private static void insert(
            StoreInMemory store, RandomDocuments random, int from, int to, Set<Object> there) {
        List<Document> documents = new ArrayList<>();
        for (var i = from; i < to; i++) {
            documents.add(random.document(i));
            there.add(random.id(i));
        }
        store.insert(EVENTS, documents);
    }

    private static void change(StoreInMemory store, RandomDocuments random, Set<Object> there) {
        for (var i = 0; i < 100; i++) {
            var one =
                    new Document("q", new Document("_id", random.id(random.below(DOCUMENTS))))
                            .append("u", random.update());
            store.command("update", EVENTS, new Document("updates", List.of(one)));
        }
        var s = random.below(4_000);
        var range = new Document("s", new Document("$gte", s).append("$lt", s + 200));
        // each once, though it is moved within the index that finds it
        var before = find(store, range, null, 0, 0).size();
        var reply =
                store.command(
                        "update",
                        EVENTS,
                        new Document(
                                "updates",
                                List.of(
                                        new Document("q", range)
                                                .append(
                                                        "u",
                                                        new Document("$inc", new Document("s", 7)))
                                                .append("multi", true))));
        assertThat(reply.get("n")).isEqualTo(before);
        for (var i = 0; i < 30; i++) {
            var id = random.id(random.below(DOCUMENTS));
            store.command(
                    "delete",
                    EVENTS,
                    new Document(
                            "deletes",
                            List.of(
                                    new Document("q", new Document("_id", id))
                                            .append("limit", 1))));
            there.remove(id);
        }
        var gone = new Document("s", new Document("$lt", 50));
        there.removeAll(ids(find(store, gone, null, 0, 0)));
        store.command(
                "delete",
                EVENTS,
                new Document("deletes", List.of(new Document("q", gone).append("limit", 0))));
        assertThat(find(store, gone, null, 0, 0)).isEmpty();
    }

    private static void compare(StoreInMemory store, RandomDocuments random) {
        var query = random.query();
        var order = random.order();
        var skip = random.below(3) == 0 ? random.below(20) : 0;
        var limit = random.below(3) == 0 ? 0 : 1 + random.below(60);
        var matcher = new DefaultQueryMatcher();
        var expected = all(store).stream().filter(found -> matcher.matches(found, query)).toList();
        var found = find(store, query, order, skip, limit);
        var what = "%s order %s skip %d limit %d".formatted(query, order, skip, limit);
        if (order != null) {
            var sorted = expected.stream().sorted(new DocumentComparator(order)).skip(skip);
            assertThat(ids(found))
                    .as(what)
                    .isEqualTo(ids((limit > 0 ? sorted.limit(limit) : sorted).toList()));
        } else {
            var rest = Math.max(0, expected.size() - skip);
            assertThat(found).as(what).hasSize(limit > 0 ? Math.min(limit, rest) : rest);
            assertThat(ids(expected)).as(what).containsAll(ids(found));
            assertThat(new HashSet<>(ids(found))).as(what).hasSameSizeAs(found);
        }
        assertThat(count(store, query, limit))
                .as(what)
                .isEqualTo(limit > 0 ? Math.min(limit, expected.size()) : expected.size());
    }

    /** As a client's driver counts. */
    private static int count(StoreInMemory store, Document query, int limit) {
        List<Document> pipeline = new ArrayList<>();
        pipeline.add(new Document("$match", query));
        if (limit > 0) {
            pipeline.add(new Document("$limit", limit));
        }
        pipeline.add(
                new Document(
                        "$group", new Document("_id", 1).append("n", new Document("$sum", 1))));
        var counted = store.aggregate(EVENTS, pipeline);
        return counted.isEmpty() ? 0 : (int) counted.getFirst().get("n");
    }

    private static List<Document> find(
            StoreInMemory store, Document query, Document order, int skip, int limit) {
        var find = new Document("filter", query).append("batchSize", 40).append("limit", limit);
        find.append("skip", skip).append("projection", new Document("s", 1));
        if (order != null) {
            find.append("sort", order);
        }
        return store.find(EVENTS, find);
    }

    /** All documents as they are in the file, in its order. */
    private static List<Document> all(StoreInMemory store) {
        var documents = store.file().<Object, Document>openMap("databases.test.events");
        return documents.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getKey(), BsonType.INSTANCE))
                .map(entry -> entry.getValue())
                .toList();
    }

    private static List<Object> ids(List<Document> documents) {
        return documents.stream().map(document -> document.get("_id")).toList();
    }
}
