package dev.millrace.audit.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.audit.AuditRun;
import dev.millrace.audit.Log;
import dev.millrace.audit.Manifests;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

import java.time.Instant;

class RecorderTest {
    private static String click(int user) {
        return """
        {"at":"%s","user":"user-%d","kind":"view","extra":{"n":%d}}"""
                .formatted(Instant.now(), user, user);
    }

    @Test
    void recordsValidAndInvalidEvents() {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 200ms}");
        String kafka = TestServers.kafka().bootstrapServers();
        try (Log log = new Log(plan, kafka);
                AuditRun run = new AuditRun(plan, kafka, TestServers.mongo().uri(plan.name()))) {
            log.send(0, click(7));
            log.send(0, "{\"user\":\"a\"}");
            log.send(0, new byte[] {'{', (byte) 0xff, '}'});
            log.send(0, (byte[]) null);
            await().until(() -> run.events().countDocuments() == 4);
            BsonDocument valid = found(run, log.topic() + ":0:0");
            assertThat(valid.getString("doc_type").getValue()).isEqualTo("success");
            assertThat(valid.getDateTime("_time").getValue())
                    .isEqualTo(Instant.parse(valid.getString("at").getValue()).toEpochMilli());
            assertThat(valid.getDocument("extra").getInt32("n").getValue()).isEqualTo(7);
            BsonDocument missing = found(run, log.topic() + ":0:1");
            assertThat(missing.getString("doc_type").getValue()).isEqualTo("failed");
            assertThat(missing.getString("_cause").getValue()).isEqualTo("missing");
            assertThat(missing.getString("failed_event").getValue()).isEqualTo("{\"user\":\"a\"}");
            assertThat(missing.getString("reason").getValue())
                    .isEqualTo("Missing fields: ['at', 'kind']");
            assertThat(missing.getDateTime("timestamp").getValue())
                    .isCloseTo(
                            System.currentTimeMillis(),
                            org.assertj.core.data.Offset.offset(60_000L));
            BsonDocument garbage = found(run, log.topic() + ":0:2");
            assertThat(garbage.getString("failed_event").getValue()).isEqualTo("{\uFFFD}");
            assertThat(garbage.getString("failed_event_base64").getValue()).isEqualTo("e/99");
            assertThat(found(run, log.topic() + ":0:3").get("failed_event"))
                    .isEqualTo(BsonNull.VALUE);
        }
    }

    private static BsonDocument found(AuditRun run, String id) {
        return run.events().find(new BsonDocument("_id", new BsonString(id))).first();
    }
}
