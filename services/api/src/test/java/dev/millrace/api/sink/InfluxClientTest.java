package dev.millrace.api.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.pipeline.plan.SinkPlan;
import dev.millrace.pipeline.resource.SinkSpec.Precision;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What is sent, and what becomes of each answer. */
class InfluxClientTest {
    private FakeInflux influx;

    @BeforeEach
    void start() throws IOException {
        influx = new FakeInflux();
    }

    @AfterEach
    void stop() {
        influx.close();
    }

    private static SinkPlan sink(URI url, boolean second) {
        return new SinkPlan(
                "influxdb",
                url,
                second ? null : "my shop",
                second ? "a&b" : null,
                second ? "metrics" : null,
                null,
                List.of(),
                second ? Precision.ms : Precision.s);
    }

    private InfluxClient client(boolean second, Map<String, String> settings) {
        return new InfluxClient(sink(influx.url(), second), settings::get, Duration.ofSeconds(10));
    }

    @Test
    void bothVersionsAreWrittenAsTheyWantIt() {
        try (InfluxClient first =
                        client(
                                false,
                                Map.of(
                                        "millrace.sink.influxdb.username", "ann",
                                        "millrace.sink.influxdb.password", "secret"));
                InfluxClient second =
                        client(true, Map.of("millrace.sink.influxdb.token", "t0ken\n"));
                InfluxClient open = client(false, Map.of())) {
            assertThat(first.write("a value=1i 1\n")).isEmpty();
            assertThat(second.write("a value=1i 1\n")).isEmpty();
            assertThat(open.write("a value=1i 1\n")).isEmpty();
        }
        assertThat(influx.requests())
                .containsExactly(
                        new FakeInflux.Request(
                                "/write?db=my+shop&precision=s",
                                "Basic YW5uOnNlY3JldA==",
                                "a value=1i 1\n"),
                        new FakeInflux.Request(
                                "/api/v2/write?org=a%26b&bucket=metrics&precision=ms",
                                "Token t0ken", "a value=1i 1\n"),
                        new FakeInflux.Request(
                                "/write?db=my+shop&precision=s", null, "a value=1i 1\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    401 | MILLRACE_SINK_INFLUXDB_TOKEN in a local run
                    403 | that it may write there
                    404 | create the database "my shop"
                    408 | it is tried again
                    429 | it is tried again
                    500 | it is tried again
                    503 | it is tried again
                    301 | check that url is the address of an InfluxDB
                    405 | check that url is the address of an InfluxDB
                    """)
    void whatMayBePossibleLaterIsToldWithTheFix(int status, String fix) {
        influx.answers(status, "{\"error\":\n\"no\"}");
        try (InfluxClient client = client(false, Map.of())) {
            assertThatThrownBy(() -> client.write("a value=1i 1\n"))
                    .isInstanceOf(SinkUnavailableException.class)
                    .hasMessageContaining("answers " + status + ": {\"error\": \"no\"}")
                    .hasMessageContaining(fix);
        }
    }

    @ParameterizedTest
    @CsvSource({"400", "413", "422"})
    void whatCanNeverBeWrittenIsAnAnswer(int status) {
        influx.answers(status, "bad");
        try (InfluxClient client = client(true, Map.of())) {
            assertThat(client.write("a value=1i 1\n")).contains("answers " + status + ": bad");
        }
    }

    @Test
    void aServerThatIsAwayOrSilentIsUnavailable() throws Exception {
        influx.answers(
                _ -> {
                    try {
                        Thread.sleep(2_000);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return new FakeInflux.Answer(204, "");
                });
        try (InfluxClient client =
                new InfluxClient(sink(influx.url(), false), _ -> null, Duration.ofMillis(200))) {
            assertThatThrownBy(() -> client.write("a value=1i 1\n"))
                    .hasMessageContaining("does not answer within");
        }
        influx.close();
        try (InfluxClient client = client(false, Map.of())) {
            SinkUnavailableException away =
                    catchThrowableOfType(
                            SinkUnavailableException.class, () -> client.write("a value=1i 1\n"));
            assertThat(away).hasMessageContaining("cannot be reached");
            assertThat(away.pause()).isZero();
        }
    }

    @Test
    void theEnvironmentsAddressTakesThePlaceOfTheManifests() {
        try (InfluxClient client =
                new InfluxClient(
                        sink(URI.create("http://influxdb:8086"), false),
                        Map.of("millrace.sink.influxdb.url", influx.url() + "/")::get,
                        Duration.ofSeconds(10))) {
            assertThat(client.write("a value=1i 1\n")).isEmpty();
        }
        assertThatThrownBy(
                        () ->
                                new InfluxClient(
                                        sink(influx.url(), false),
                                        Map.of("millrace.sink.influxdb.url", "influxdb:8086")::get,
                                        Duration.ofSeconds(10)))
                .hasMessage("MILLRACE_SINK_INFLUXDB_URL is no address; write http://HOST:PORT");
    }
}
