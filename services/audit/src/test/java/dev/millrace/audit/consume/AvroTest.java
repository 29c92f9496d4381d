package dev.millrace.audit.consume;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.AuditRun;
import dev.millrace.audit.Log;
import dev.millrace.audit.recount.Recount;
import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.testing.TestSchemaRegistry;
import dev.millrace.testing.TestServers;

import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;

/** Avro events are recorded as what they say, and wait for the schema registry where they must. */
class AvroTest {
    private static final String KAFKA = TestServers.kafka().bootstrapServers();

    private static Plan plan(String more) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: audit-avro}
                spec:
                  streams:
                    - name: audit-avro-sales
                      format: avro
                      fields: {at: {type: timestamp}, shop.name: {type: string}, price: {type: number}%s}
                      time: at
                      topic: {partitions: 1}
                  metrics: [{name: revenue, measure: sum, of: price, by: shop.name, window: 1h}]
                  audit: {flush: 200ms}
                """
                        .formatted(more));
    }

    private static byte[] sale(Plan plan, AvroEncoder encoder, Instant at) {
        byte[] json =
                "{\"at\":\"%s\",\"shop\":{\"name\":\"a\"},\"price\":1.5,\"coupon\":\"x\"}"
                        .formatted(at)
                        .getBytes(StandardCharsets.UTF_8);
        return encoder.encode((Event) new EventDecoder(plan.streams().getFirst()).decode(json, 0));
    }

    private static BsonDocument found(AuditRun run, long offset) {
        return run.events()
                .find(new BsonDocument("_id", new BsonString("audit-avro-sales:0:" + offset)))
                .first();
    }

    @Test
    void isRecordedAsJsonThatIsCountedAgain() throws Exception {
        Plan plan = plan("");
        Plan newer = plan(", coupon: {type: string, optional: true}");
        StreamPlan stream = plan.streams().getFirst();
        try (TestSchemaRegistry registry = new TestSchemaRegistry();
                Log log = new Log(plan, KAFKA);
                AuditRun run =
                        new AuditRun(
                                plan,
                                KAFKA,
                                TestServers.mongo().uri(plan.name()),
                                new SchemaRegistry(URI.create(registry.url()), null))) {
            SchemaRegistry schemas = new SchemaRegistry(URI.create(registry.url()), null);
            AvroEncoder first = new AvroEncoder(stream, schemas);
            AvroEncoder second = new AvroEncoder(newer.streams().getFirst(), schemas);
            second.register();
            Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
            log.send(0, sale(plan, first, now));
            log.send(0, sale(plan, first, now.minus(Duration.ofDays(1))));
            log.send(0, new byte[] {0, 0, 0, 1, 0, 1});
            log.flush();
            await().until(() -> run.events().countDocuments() == 3);

            BsonDocument valid = found(run, 0);
            assertThat(valid.getString("at").getValue()).isEqualTo(now.toString());
            assertThat(valid.getDateTime("_time").getValue()).isEqualTo(now.toEpochMilli());
            assertThat(valid.getDocument("shop").getString("name").getValue()).isEqualTo("a");
            assertThat(valid.getDouble("price").getValue()).isEqualTo(1.5);
            BsonDocument late = found(run, 1);
            assertThat(late.getString("_cause").getValue()).isEqualTo("late");
            assertThat(late.getString("failed_event").getValue()).contains("\"price\":1.5");
            BsonDocument unknown = found(run, 2);
            assertThat(unknown.getString("reason").getValue()).contains("no schema 256");

            registry.away(true);
            log.send(0, sale(newer, second, now));
            log.send(0, sale(plan, first, now));
            log.flush();
            await().untilAsserted(
                            () ->
                                    assertThat(run.status().health().getDetails().get("reason"))
                                            .asString()
                                            .contains("503 (it is away)"));
            assertThat(run.events().countDocuments()).isEqualTo(3);

            registry.away(false);
            await().until(() -> run.events().countDocuments() == 5);
            assertThat(found(run, 3).getString("coupon").getValue()).isEqualTo("x");
            await().until(() -> run.status().health().getStatus().getCode().equals("UP"));
            assertThat(
                            Recount.of(plan, run.events())
                                    .measure(
                                            (MeasurePlan) plan.metrics().getFirst(),
                                            0,
                                            Long.MAX_VALUE)
                                    .value())
                    .isEqualByComparingTo("4.5");
        }
    }
}
