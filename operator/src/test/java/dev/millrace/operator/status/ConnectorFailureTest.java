package dev.millrace.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.strimzi.api.kafka.model.connector.KafkaConnectorStatus;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What Kafka Connect says of a connector becomes one line that a person can act on. */
class ConnectorFailureTest {
    private static KafkaConnectorStatus status(Map<String, Object> connector, Object tasks) {
        KafkaConnectorStatus status = new KafkaConnectorStatus();
        status.setConnectorStatus(Map.of("connector", connector, "tasks", tasks));
        return status;
    }

    @Test
    void theLastCauseOfAFailedTaskIsTold() {
        String trace =
                """
                org.apache.kafka.connect.errors.ConnectException: An exception occurred
                \tat io.debezium.pipeline.ErrorHandler.setProducerThrowable(ErrorHandler.java:67)
                Caused by: java.sql.SQLInvalidAuthorizationSpecException: Access denied for user 'a'@'b'.
                \t... 7 more
                """;

        assertThat(
                        ConnectorFailure.of(
                                status(
                                        Map.of("state", "RUNNING"),
                                        List.of(
                                                Map.of(
                                                        "id", 0, "state", "FAILED", "trace",
                                                        trace)))))
                .hasValue("Access denied for user 'a'@'b'");
    }

    @Test
    void whatRunsOrIsUnknownIsNoFailure() {
        assertThat(ConnectorFailure.of(null)).isEmpty();
        assertThat(ConnectorFailure.of(new KafkaConnectorStatus())).isEmpty();
        assertThat(
                        ConnectorFailure.of(
                                status(
                                        Map.of("state", "RUNNING"),
                                        List.of(Map.of("id", 0, "state", "RUNNING")))))
                .isEmpty();
    }

    @Test
    void itRunsWhenItsTaskDoes() {
        Map<String, Object> running = Map.of("state", "RUNNING");
        assertThat(ConnectorFailure.isRunning(null)).isFalse();
        assertThat(ConnectorFailure.isRunning(status(running, List.of()))).isFalse();
        assertThat(
                        ConnectorFailure.isRunning(
                                status(running, List.of(Map.of("state", "RESTARTING")))))
                .isFalse();
        assertThat(ConnectorFailure.isRunning(status(running, List.of(running)))).isTrue();
    }

    @Test
    void aFailureWithoutATraceSaysSo() {
        assertThat(ConnectorFailure.of(status(Map.of("state", "FAILED"), List.of())))
                .hasValue("it does not say why");
    }
}
