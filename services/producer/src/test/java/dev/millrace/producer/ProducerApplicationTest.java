package dev.millrace.producer;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.Test;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** The whole path: over HTTP and from the generator into a real Kafka. */
class ProducerApplicationTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String kafka = TestServers.kafka().bootstrapServers();

    @Test
    void syntheticAndPostedEventsReachTheTopicAndAreCounted() throws Exception {
        Plan plan = TestPlans.clickstream();
        try (var producer = new ProducerApplication(plan, kafka)) {
            await().until(() -> get(producer, "/actuator/health/readiness").statusCode() == 200);

            String event =
                    """
                    {"timestamp":"2026-01-31T12:00:00Z","user_id":"posted","event_type":"click","page_url":"/","session_id":"s"}""";
            var answer = post(producer, "/api/v1/events", event);
            assertThat(answer.body()).isEqualTo("{\"accepted\":1,\"invalid\":0,\"problems\":[]}");
            assertThat(answer.statusCode()).isEqualTo(202);

            await().until(() -> TopicContent.of(kafka, "events").size() > 50);
            var records = TopicContent.of(kafka, "events");
            assertThat(records)
                    .anySatisfy(
                            record -> {
                                assertThat(record.value()).asString().isEqualTo(event);
                                assertThat(record.key()).asString().isEqualTo("posted");
                            });
            var decoder = new EventDecoder(plan.streams().getFirst());
            var key = plan.streams().getFirst().key();
            assertThat(records)
                    .filteredOn(record -> decoder.decode(record.value(), 0) instanceof Event)
                    .hasSizeGreaterThan(40)
                    .allSatisfy(
                            record ->
                                    assertThat(new String(record.key(), StandardCharsets.UTF_8))
                                            .isEqualTo(decoder.peek(record.value(), key)));

            String meters = get(producer, "/actuator/prometheus").body();
            assertThat(meters)
                    .contains(
                            "millrace_producer_events_total{source=\"http\",stream=\"events\"} 1.0")
                    .contains("millrace_producer_ack_seconds_count{stream=\"events\"} 1")
                    .contains("millrace_producer_in_flight_bytes 0.0")
                    .containsPattern(
                            "millrace_producer_events_total\\{source=\"generator\",stream=\"events\"} [1-9]");
        }
    }

    private HttpResponse<String> post(ProducerApplication producer, String path, String body)
            throws Exception {
        return http.send(
                HttpRequest.newBuilder(producer.uri(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(ProducerApplication producer, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(producer.uri(path)).build(), BodyHandlers.ofString());
    }
}
