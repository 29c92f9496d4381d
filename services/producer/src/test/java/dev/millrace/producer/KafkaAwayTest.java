package dev.millrace.producer;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.FreePorts;
import dev.millrace.pipeline.plan.Plan;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the producer says and does while its Kafka is not there. */
class KafkaAwayTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String EVENT = "{\"id\":\"a\",\"n\":1}";

    @Test
    void refusesWhileKafkaIsAwayAndRecovers(@TempDir Path folder) throws Exception {
        int port = FreePorts.one();
        Plan plan =
                TestPlans.withStreams(
                        """
                        - name: events
                          fields: {id: {type: string}, "n": {type: integer}}
                          key: id
                          generator: {rate: 20..20, waitAfterBatch: 100ms}
                        """);
        try (var producer =
                new ProducerApplication(
                        plan,
                        "127.0.0.1:" + port,
                        "millrace.producer.delivery-timeout",
                        "3s",
                        "millrace.producer.max-body",
                        "100KB",
                        "millrace.producer.max-in-flight",
                        "200KB")) {
            // Not there yet: the process is up, and says what it waits for.
            var early = post(producer);
            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).contains("Events cannot be taken yet: Kafka");
            assertThat(early.headers().firstValue("Retry-After")).isPresent();
            assertThat(get(producer, "/actuator/health/liveness").statusCode()).isEqualTo(200);
            var readiness = get(producer, "/actuator/health/readiness");
            assertThat(readiness.statusCode()).isEqualTo(503);
            assertThat(readiness.body()).contains("Kafka");

            try (var kafka = EmbeddedKafka.start(folder, port)) {
                await().until(() -> post(producer).statusCode() == 202);
                assertThat(get(producer, "/actuator/health/readiness").statusCode()).isEqualTo(200);
                await().until(() -> generated(producer) > 40);

                kafka.stop();
                var first = later(producer, 60_000);
                var second = later(producer, 60_000);
                var third = later(producer, 60_000);
                // Two of them fill what may be in flight, and wait for Kafka in vain.
                await().until(() -> inFlight(producer) >= 120_000);
                var fourth = later(producer, 60_000);
                var answers = List.of(first.get(), second.get(), third.get(), fourth.get());
                assertThat(answers)
                        .filteredOn(answer -> answer.statusCode() == 503)
                        .isNotEmpty()
                        .allSatisfy(
                                answer -> {
                                    assertThat(answer.body())
                                            .contains("0 of 1 events are known to be written")
                                            .contains("\"accepted\":0");
                                    assertThat(answer.headers().firstValue("Retry-After"))
                                            .contains("5");
                                });
                assertThat(answers)
                        .filteredOn(answer -> answer.statusCode() == 429)
                        .isNotEmpty()
                        .allSatisfy(
                                answer -> {
                                    assertThat(answer.body()).contains("on their way");
                                    assertThat(answer.headers().firstValue("Retry-After"))
                                            .contains("1");
                                });

                double before = generated(producer);
                kafka.restart();
                await().until(() -> post(producer).statusCode() == 202);
                await().until(() -> generated(producer) > before + 40);
                assertThat(get(producer, "/actuator/prometheus").body())
                        .contains("millrace_producer_in_flight_bytes 0.0");
            }
        }
    }

    private static CompletableFuture<HttpResponse<String>> later(
            ProducerApplication producer, int size) {
        String event = "{\"id\":\"a\",\"n\":1,\"x\":\"" + "x".repeat(size) + "\"}";
        return HTTP.sendAsync(
                HttpRequest.newBuilder(producer.uri("/api/v1/events"))
                        .POST(BodyPublishers.ofString(event))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> post(ProducerApplication producer) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(producer.uri("/api/v1/events"))
                        .POST(BodyPublishers.ofString(EVENT))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(ProducerApplication producer, String path)
            throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(producer.uri(path)).build(), BodyHandlers.ofString());
    }

    private static double inFlight(ProducerApplication producer) throws Exception {
        return sum(producer, "millrace_producer_in_flight_bytes ");
    }

    private static double generated(ProducerApplication producer) throws Exception {
        return sum(producer, "millrace_producer_events_total{source=\"generator\"");
    }

    private static double sum(ProducerApplication producer, String series) throws Exception {
        return get(producer, "/actuator/prometheus")
                .body()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
