package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import dev.millrace.api.history.History;
import dev.millrace.api.mongo.MongoStore;
import dev.millrace.api.window.Snapshot;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

class AuditReaderTest {
    @Test
    void aStoreThatCannotEvenBeLookedUpIsAnObstacle() throws InterruptedException {
        Plan plan =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: shop}
                        spec:
                          streams: [{name: orders, fields: {id: {type: string}}}]
                          metrics: [{name: orders, measure: count, window: 1h}]
                        """);
        RecountSettings settings =
                new RecountSettings(
                        true, Duration.ofMillis(100), Duration.ofMillis(100), 1, 1_000, 1_000);
        MongoStore store = new MongoStore("no address", "test", Duration.ofSeconds(1), false);
        Snapshot known = new StateReader(plan).last();
        try (AuditReader reader =
                new AuditReader(
                        plan, mock(History.class), store, "shop", settings, Clock.systemUTC())) {
            reader.begin(known, Map.of());
            Instant end = Instant.now().plusSeconds(30);
            while (reader.obstacle().isEmpty() && Instant.now().isBefore(end)) {
                assertThat(reader.read(known)).isEmpty();
                Thread.sleep(10);
            }
            assertThat(reader.obstacle().orElse("")).contains("counting them failed");
            reader.end();
        }
    }
}
