package dev.millrace.pipeline.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.Schemas.Found;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** What is asked of a registry, and what its answers mean. */
class SchemaRegistryTest {
    private static final Schema SCHEMA =
            SchemaBuilder.record("a").fields().requiredString("s").endRecord();

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new ArrayList<>();
    private HttpServer server;
    private String authorization;
    private SchemaRegistry registry;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        registry = new SchemaRegistry(URI.create(url() + "/"), null);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v7";
    }

    /** Answers are a status and a body. */
    private synchronized void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        asked.add(exchange.getRequestMethod() + " " + path);
        authorization = exchange.getRequestHeaders().getFirst("Authorization");
        exchange.getRequestBody().readAllBytes();
        String answer =
                answers.getOrDefault(
                        path, "404 {\"error_code\": 40403, \"message\": \"not found\"}");
        byte[] body = answer.substring(4).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(Integer.parseInt(answer.substring(0, 3)), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String quoted(Schema schema) {
        return "\"" + schema.toString().replace("\"", "\\\"") + "\"";
    }

    /** As a loop does that waits for the registry. */
    private static <T> T retried(Supplier<T> asking) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            try {
                return asking.get();
            } catch (SchemasUnavailableException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @Test
    void aSchemaIsAskedForOnce() {
        answers.put("/v7/schemas/ids/7", "200 {\"schema\": " + quoted(SCHEMA) + "}");

        assertThat(registry.find(7)).isEqualTo(new Found.Known(SCHEMA));
        assertThat(registry.find(7)).isEqualTo(new Found.Known(SCHEMA));

        assertThat(asked).containsExactly("GET /v7/schemas/ids/7");
    }

    @Test
    void whatASchemaRefersToIsReadFirst() {
        Schema inner = SchemaBuilder.record("org.b").fields().requiredInt("i").endRecord();
        answers.put("/v7/subjects/org.b/versions/3", "200 {\"schema\": " + quoted(inner) + "}");
        answers.put(
                "/v7/schemas/ids/8",
                """
                200 {"schema": "{\\"type\\":\\"record\\",\\"name\\":\\"a\\",\\"fields\\":[{\\"name\\":\\"b\\",\\"type\\":\\"org.b\\"}]}",
                     "references": [{"name": "org.b", "subject": "org.b", "version": 3}]}""");

        assertThat(registry.find(8))
                .isInstanceOfSatisfying(
                        Found.Known.class,
                        found ->
                                assertThat(found.schema().getField("b").schema()).isEqualTo(inner));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    404 {"error_code": 40403}                            | the registry has no schema 7
                    200 {"schemaType": "PROTOBUF", "schema": "message"}  | schema 7 is PROTOBUF, not Avro
                    200 {"schema": "nonsense"}                           | schema 7 cannot be read
                    """)
    void whatIsNoAvroSchemaIsUnknown(String answer, String reason) {
        answers.put("/v7/schemas/ids/7", answer);

        assertThat(registry.find(7))
                .isInstanceOfSatisfying(
                        Found.Unknown.class, found -> assertThat(found.reason()).contains(reason));
        registry.find(7);
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    500 {"message": "no database"} | fails with status 500 (no database)
                    401 {}                         | check username and password
                    404 <html>                     | does not answer like a schema registry
                    200 <html>                     | does not answer like a schema registry
                    """)
    void whatIsNoAnswerLeavesItOpen(String answer, String reason) throws InterruptedException {
        answers.put("/v7/schemas/ids/7", answer);

        assertThatThrownBy(() -> registry.find(7))
                .isInstanceOf(SchemasUnavailableException.class)
                .hasMessageContaining(reason)
                .hasMessageContaining(url());
        assertThatThrownBy(() -> registry.find(7))
                .as("it is not asked again at once")
                .isInstanceOf(SchemasUnavailableException.class);
        assertThat(asked).hasSize(1);

        answers.put("/v7/schemas/ids/7", "200 {\"schema\": " + quoted(SCHEMA) + "}");
        assertThat(retried(() -> registry.find(7))).isEqualTo(new Found.Known(SCHEMA));
    }

    @Test
    void aRegistryThatIsAwayLeavesItOpen() {
        server.stop(0);

        assertThatThrownBy(() -> registry.find(7))
                .isInstanceOf(SchemasUnavailableException.class)
                .hasMessage("The schema registry " + url() + " cannot be reached: no connection");
    }

    @Test
    void aSchemaIsRegisteredOnce() {
        answers.put("/v7/subjects/clicks%2F1-value/versions", "200 {\"id\": 12}");

        assertThat(registry.register("clicks/1-value", SCHEMA)).isEqualTo(12);
        assertThat(registry.register("clicks/1-value", SCHEMA)).isEqualTo(12);

        assertThat(asked).containsExactly("POST /v7/subjects/clicks%2F1-value/versions");
    }

    @Test
    void aSchemaThatDoesNotFitIsRefusedWithWhatToDo() {
        answers.put(
                "/v7/subjects/a-value/versions",
                "409 {\"error_code\": 409, \"message\": \"no default for b\"}");

        assertThatThrownBy(() -> registry.register("a-value", SCHEMA))
                .isInstanceOf(SchemaRefusedException.class)
                .hasMessageContaining("a new version of a-value (no default for b)")
                .hasMessageContaining("add fields as optional: true");
    }

    @Test
    void itIsAskedWithTheCredentialsOfTheSettings() {
        Plan avro =
                TestPlans.plan(
                        "  streams: [{name: events, format: avro, fields: {s: {type: string}}}]\n");
        answers.put("/v7/schemas/ids/7", "200 {\"schema\": " + quoted(SCHEMA) + "}");

        SchemaRegistry.of(
                        avro,
                        Map.of(
                                        "millrace.schema-registry.url", url(),
                                        "millrace.schema-registry.username", "ann",
                                        "millrace.schema-registry.password", "secret\n")
                                ::get)
                .find(7);
        assertThat(authorization).isEqualTo("Basic YW5uOnNlY3JldA==");

        SchemaRegistry.of(
                        avro,
                        Map.of(
                                        "millrace.schema-registry.url",
                                        url(),
                                        "millrace.schema-registry.token",
                                        "t")
                                ::get)
                .find(7);
        assertThat(authorization).isEqualTo("Bearer t");
        assertThatThrownBy(() -> SchemaRegistry.of(avro, _ -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MILLRACE_SCHEMA_REGISTRY_URL");
        assertThat(SchemaRegistry.of(TestPlans.planOf("s: {type: string}"), _ -> null)).isNull();
    }
}
