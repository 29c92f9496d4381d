package dev.millrace.audit;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;

class MainTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void runsAlone() throws Exception {
        Plan plan = Manifests.clicks("wall", 1, "{flush: 10m}");
        String kafka = TestServers.kafka().bootstrapServers();
        var application =
                new SpringApplicationBuilder(Main.class)
                        .initializers(
                                context ->
                                        context.getBeanFactory().registerSingleton("plan", plan));
        try (Log log = new Log(plan, kafka)) {
            try (ConfigurableApplicationContext context =
                    application.run(
                            "--server.port=0",
                            "--spring.kafka.bootstrap-servers=" + kafka,
                            "--spring.mongodb.uri=" + TestServers.mongo().uri(plan.name()))) {
                await().until(() -> get(context, "/actuator/health/readiness").statusCode() == 200);
                assertThat(get(context, "/actuator/health/readiness").body())
                        .contains("\"audit\"", "\"readinessState\"");
                assertThat(get(context, "/actuator/health/liveness").body())
                        .doesNotContain("audit");
                assertThat(get(context, "/actuator/health").body()).doesNotContain("mongo");
                log.send(
                        0,
                        "{\"at\":\"%s\",\"user\":\"u\",\"kind\":\"buy\"}".formatted(Instant.now()));
                log.flush();
                await().until(
                                () ->
                                        get(context, "/actuator/prometheus")
                                                .body()
                                                .contains("millrace_audit_waiting_events 1.0"));
                assertThat(get(context, "/actuator/prometheus").body())
                        .contains(
                                "millrace_audit_events_total{doc_type=\"success\"}",
                                "millrace_audit_write_errors_total{kind=\"dropped\"}",
                                "millrace_audit_duplicates_total",
                                "millrace_audit_lost_total",
                                "millrace_audit_flush_seconds_count",
                                "millrace_audit_batch_events_count",
                                "millrace_audit_waiting_bytes",
                                "millrace_audit_lag_events");
                assertThat(
                                context.getBean(MongoClient.class)
                                        .getClusterDescription()
                                        .getClusterSettings()
                                        .getServerSelectionTimeout(
                                                java.util.concurrent.TimeUnit.SECONDS))
                        .isEqualTo(5);
            }
            // The flush interval is not over: stopping has written the event.
            assertThat(log.committed().values())
                    .singleElement()
                    .satisfies(position -> assertThat(position.offset()).isEqualTo(1));
        }
    }

    private HttpResponse<String> get(ConfigurableApplicationContext context, String path)
            throws IOException, InterruptedException {
        String port = context.getEnvironment().getRequiredProperty("local.server.port");
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
                BodyHandlers.ofString());
    }
}
