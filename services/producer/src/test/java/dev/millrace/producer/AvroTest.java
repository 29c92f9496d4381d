package dev.millrace.producer;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRegistry;
import dev.millrace.testing.TestSchemaRegistry;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** Posted and generated events are written as Avro, once the registry has their schema. */
class AvroTest {

    private final HttpClient http = HttpClient.newHttpClient();
    private final String kafka = TestServers.kafka().bootstrapServers();

    @Test
    void jsonIsTakenAndAvroIsWritten() throws Exception {
        Plan plan =
                TestPlans.withStreams(
                        """
                        - name: events
                          format: avro
                          fields: {id: {type: string}, note: {type: string, enum: [a, b], optional: true}}
                          key: id
                          topic: {name: avro-events, partitions: 3}
                          generator: {rate: "50", invalid: 20%}
                        """);
        StreamPlan stream = plan.streams().getFirst();
        try (TestSchemaRegistry registry = new TestSchemaRegistry()) {
            registry.away(true);
            try (var producer =
                    new ProducerApplication(
                            plan, kafka, "millrace.schema-registry.url", registry.url())) {
                await().untilAsserted(
                                () ->
                                        assertThat(post(producer, "{\"id\":\"posted\"}").body())
                                                .contains(
                                                        "Nothing was written",
                                                        "schema registry",
                                                        "it is away"));
                assertThat(post(producer, "{\"id\":\"posted\"}").statusCode()).isEqualTo(503);

                registry.away(false);
                await().until(() -> post(producer, "{\"id\":\"posted\"}").statusCode() == 202);
                assertThat(post(producer, "{\"id\":\"wrong\", \"note\":\"c\"}").body())
                        .contains("\"invalid\":1", "Not allowed: 'note'");
                await().until(() -> TopicContent.of(kafka, "avro-events").size() > 60);

                var records = TopicContent.of(kafka, "avro-events");
                EventDecoder decoder =
                        EventDecoder.of(
                                stream, new SchemaRegistry(URI.create(registry.url()), null));
                assertThat(records)
                        .anySatisfy(
                                record -> {
                                    assertThat(record.value()).startsWith(0, 0, 0, 0, 1);
                                    assertThat(decoder.peek(record.value(), stream.key()))
                                            .isEqualTo("posted");
                                })
                        .anySatisfy(
                                record ->
                                        assertThat(decoder.decode(record.value(), 0))
                                                .isInstanceOfSatisfying(
                                                        Rejected.class,
                                                        rejected ->
                                                                assertThat(rejected.reason())
                                                                        .startsWith(
                                                                                "Not allowed: 'note'")));
                assertThat(records)
                        .filteredOn(record -> decoder.decode(record.value(), 0) instanceof Event)
                        .hasSizeGreaterThan(30)
                        .allSatisfy(
                                record ->
                                        assertThat(new String(record.key(), StandardCharsets.UTF_8))
                                                .isEqualTo(
                                                        decoder.peek(
                                                                record.value(), stream.key())));
            }
        }
    }

    private HttpResponse<String> post(ProducerApplication producer, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(producer.uri("/api/v1/events"))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }
}
