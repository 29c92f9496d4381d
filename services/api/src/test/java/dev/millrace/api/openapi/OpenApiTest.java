package dev.millrace.api.openapi;

import static dev.millrace.api.ApiServer.await;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import dev.millrace.api.ApiServer;
import dev.millrace.api.EventSource;
import dev.millrace.api.Pipelines;
import dev.millrace.api.state.RowWriter;
import dev.millrace.api.state.StateWriter;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.testing.TestServers;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

class OpenApiTest {
    private static final Plan PLAN = Pipelines.shop();
    private static ApiServer server;
    private static JsonNode document;

    @BeforeAll
    static void begin() throws Exception {
        Instant now = Instant.now();
        try (StateWriter writer = new StateWriter(PLAN, TestServers.redis().url())) {
            writer.begin("era")
                    .add("orders", now, 3)
                    .add("revenue", now, 1_500_000)
                    .add("by_page", now, "/", 2)
                    .add("by_page", now, "\u0018", 2)
                    .add("by_page_and_user", now, "\u0018\u001fann", 2)
                    .total("rejected:type", 1)
                    .position("orders", 0, 4, now)
                    .deadLetter(
                            "{\"stream\":\"orders\",\"topic\":\"orders\",\"partition\":0,\"offset\":3,\"at\":\"2026-11-21T10:42:00Z\",\"reason\":\"r\",\"event\":\"e\"}")
                    .flush();
            RowWriter rows = new RowWriter(writer);
            rows.put("users", "ann", now, "{\"position\":[12.5,41.5]}");
            rows.put("users", "bob", now, "{}");
        }
        server =
                new ApiServer(
                        PLAN,
                        TestServers.redis().url(),
                        "--spring.mongodb.uri=" + TestServers.mongo().uri("openapi"),
                        "history.every=100ms");
        await(() -> server.json("/api/v1/metrics/orders").path("value").asInt() == 3);
        await(() -> server.json("/api/v1/status").path("history").path("asOf").isString());
        document = server.json("/openapi.json");
    }

    @AfterAll
    static void end() {
        server.close();
    }

    @Test
    void itIsAValidDocument() {
        SwaggerParseResult result = new OpenAPIV3Parser().readContents(document.toString());
        assertThat(result.getMessages()).isEmpty();
        OpenAPI api = result.getOpenAPI();
        assertThat(api.getOpenapi()).isEqualTo("3.1.0");
        assertThat(api.getPaths().keySet())
                .containsExactlyInAnyOrder(
                        "/api/v1/pipeline",
                        "/api/v1/status",
                        "/api/v1/proof",
                        "/api/v1/dead-letters",
                        "/api/v1/metrics",
                        "/api/v1/metrics/{name}",
                        "/api/v1/metrics/{name}/series",
                        "/api/v1/metrics/{name}/history",
                        "/api/v1/metrics/{name}/rows",
                        "/api/v1/metrics/{name}/versions",
                        "/api/v1/metrics/{name}/cells",
                        "/api/v1/stream",
                        "/api/v1/socket",
                        "/stats",
                        "/stats/stream",
                        "/api/v1/streams/orders/events",
                        "/api/v1/streams/clicks/events");
        assertThat(api.getPaths().get("/stats").getGet().getParameters())
                .singleElement()
                .satisfies(
                        parameter -> {
                            assertThat(parameter.getName()).isEqualTo("top");
                            assertThat(parameter.getSchema().getDefault()).hasToString("2");
                        });
        assertThat(new OpenApiController(Pipelines.clickstream()).document().getBody())
                .asString(StandardCharsets.UTF_8)
                .contains("\"/api/v1/events\"", "\"userId\"", "\"viewCount\"");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/pipeline, /api/v1/pipeline",
        "/api/v1/status, /api/v1/status",
        "/api/v1/proof, /api/v1/proof",
        "/api/v1/dead-letters, /api/v1/dead-letters",
        "/api/v1/metrics, /api/v1/metrics",
        "/api/v1/metrics/orders?window=all&compare=previous, /api/v1/metrics/{name}",
        "/api/v1/metrics/by_page?compare=previous, /api/v1/metrics/{name}",
        "/api/v1/metrics/by_page_and_user, /api/v1/metrics/{name}",
        "/api/v1/metrics/conversion?compare=previous, /api/v1/metrics/{name}",
        "/api/v1/metrics/revenue/series, /api/v1/metrics/{name}/series",
        "/api/v1/metrics/orders/history, /api/v1/metrics/{name}/history",
        "/api/v1/metrics/by_page/history, /api/v1/metrics/{name}/history",
        "/api/v1/metrics/conversion/history?step=minute, /api/v1/metrics/{name}/history",
        "/api/v1/metrics/by_page/history?group=%18&step=minute, /api/v1/metrics/{name}/history",
        "/api/v1/metrics/users, /api/v1/metrics/{name}",
        "/api/v1/metrics/users/rows?fence=here, /api/v1/metrics/{name}/rows",
        "/api/v1/metrics/users/rows, /api/v1/metrics/{name}/rows",
        "/api/v1/metrics/users/cells, /api/v1/metrics/{name}/cells",
        "/stats, /stats",
    })
    void answersAreAsDescribed(String path, String described) throws Exception {
        JsonNode schema = schema("/paths/" + described.replace("/", "~1") + "/get/responses/200");
        assertValid(schema.at("/content/application~1json/schema"), server.get(path).body());
    }

    @Test
    void problemsAndLiveMessagesAreAsDescribed() throws Exception {
        assertValid(schema("/components/schemas/Problem"), server.get("/nothing").body());
        try (EventSource source = new EventSource(server.uri("/api/v1/stream"))) {
            assertValid(schema("/components/schemas/LiveMessage"), source.next("snapshot").data());
        }
    }

    @Test
    void eventsAreDescribedAsTheStreamTakesThem() {
        JsonNode event = schema("/components/schemas/Event.orders");
        assertValid(
                event,
                "{\"at\":1,\"user\":\"a\",\"price\":1.5,\"place\":{\"city\":\"b\"},\"kind\":\"web\"}");
        assertThat(
                        errors(
                                event,
                                "{\"at\":1,\"user\":\"a\",\"price\":\"x\",\"place\":{},\"kind\":\"fax\"}"))
                .hasSize(3);
    }

    private static JsonNode schema(String pointer) {
        JsonNode schema = document.at(pointer);
        assertThat(schema.isMissingNode()).as(pointer).isFalse();
        return schema;
    }

    private static void assertValid(JsonNode schema, String body) {
        assertThat(errors(schema, body)).as(body).isEmpty();
    }

    private static java.util.List<com.networknt.schema.Error> errors(JsonNode schema, String body) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("allOf", new Object[] {schema});
        root.put("components", document.path("components"));
        Schema compiled =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(JsonMapper.shared().valueToTree(root));
        return compiled.validate(body, InputFormat.JSON);
    }
}
