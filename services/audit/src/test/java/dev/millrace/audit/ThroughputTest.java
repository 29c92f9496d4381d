package dev.millrace.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.InsertOneModel;

import dev.millrace.audit.document.AuditDocument;
import dev.millrace.audit.document.Entry;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.apache.kafka.common.TopicPartition;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Run with {@code -Dtest.excluded.groups= -Dtest=ThroughputTest}: prints events per second. */
@Tag("bench")
class ThroughputTest {
    private static final int EVENTS = 100_000;
    private static final int BATCH = 1_000;

    @TempDir private Path folder;

    private static byte[] event(int number) {
        return """
        {"at":"%s","user":"user-%d","kind":"view","page":{"path":"/products/%d"},\
        "session_id":"3f2b8c1e-%08d","referrer":"https://example.org/search?q=pizza",\
        "amount":12.5,"size":%d}"""
                .formatted(Instant.now(), number % 500, number % 40, number, number)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static Entry entry(int offset) {
        var partition = new TopicPartition("bench", 0);
        return new Entry(partition, offset, Optional.empty(), 0, event(offset), 1, null, 1, 0);
    }

    private static long perSecond(String what, long nanos) {
        long rate = EVENTS * 1_000_000_000L / nanos;
        System.out.printf("%s: %,d events/s%n", what, rate);
        return rate;
    }

    @Test
    void makesDocuments() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            entries.add(entry(i));
        }
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long start = System.nanoTime();
            int fields = 0;
            for (Entry entry : entries) {
                fields += AuditDocument.of(entry).size();
            }
            best = Math.min(best, System.nanoTime() - start);
            assertThat(fields).isEqualTo(EVENTS * 11);
        }
        assertThat(perSecond("Documents made", best)).isGreaterThan(50_000);
    }

    @Test
    void keepsUpWithABareWriter() {
        Plan plan = Manifests.clicks("wall", 6, "{flush: 1s, batch: 1000}");
        String kafka = TestServers.kafka().bootstrapServers();
        try (EmbeddedMongo mongo = EmbeddedMongo.start(folder, 0, "audit");
                MongoClient client = MongoClients.create(mongo.uri());
                Log log = new Log(plan, kafka)) {
            writeBarely(client, "warm");
            long bare = perSecond("Bare bulk writer", writeBarely(client, "bare"));
            for (int i = 0; i < EVENTS; i++) {
                log.send(i % 6, event(i));
            }
            log.flush();
            long start = System.nanoTime();
            try (AuditRun run = new AuditRun(plan, kafka, mongo.uri())) {
                await().atMost(Duration.ofMinutes(3))
                        .pollInterval(Duration.ofMillis(100))
                        .until(
                                () ->
                                        run.registry()
                                                        .counter(
                                                                "millrace.audit.events",
                                                                "doc_type",
                                                                "success")
                                                        .count()
                                                == EVENTS);
            }
            long audit = perSecond("Audit from Kafka, with joining", System.nanoTime() - start);
            assertThat(audit).isGreaterThan(bare / 3);
        }
    }

    private static long writeBarely(MongoClient client, String name) {
        List<BsonDocument> documents = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            documents.add(AuditDocument.of(entry(i)));
        }
        MongoCollection<BsonDocument> collection =
                client.getDatabase("bench").getCollection(name, BsonDocument.class);
        long start = System.nanoTime();
        for (int from = 0; from < EVENTS; from += BATCH) {
            collection.bulkWrite(
                    documents.subList(from, from + BATCH).stream()
                            .map(InsertOneModel::new)
                            .toList(),
                    new BulkWriteOptions().ordered(false));
        }
        return System.nanoTime() - start;
    }
}
