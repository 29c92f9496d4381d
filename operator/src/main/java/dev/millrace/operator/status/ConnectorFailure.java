package dev.millrace.operator.status;

import io.strimzi.api.kafka.model.connector.KafkaConnectorStatus;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a connector runs, and why it or its task failed, in one line. */
final class ConnectorFailure {
    private static final int LONGEST = 300;

    private ConnectorFailure() {}

    /** The last cause of the first trace in what Kafka Connect says of a connector. */
    static Optional<String> of(KafkaConnectorStatus status) {
        if (status == null || status.getConnectorStatus() == null) {
            return Optional.empty();
        }
        Object connector = status.getConnectorStatus().get("connector");
        Object tasks = status.getConnectorStatus().get("tasks");
        return Stream.concat(
                        Stream.ofNullable(connector),
                        tasks instanceof List<?> list ? list.stream() : Stream.empty())
                .filter(Map.class::isInstance)
                .map(state -> (Map<?, ?>) state)
                .filter(state -> "FAILED".equals(state.get("state")))
                .map(state -> cause(Objects.toString(state.get("trace"), "")))
                .findFirst();
    }

    /** Whether its task runs. */
    static boolean isRunning(KafkaConnectorStatus status) {
        return status != null
                && status.getConnectorStatus() != null
                && status.getConnectorStatus().get("tasks") instanceof List<?> tasks
                && !tasks.isEmpty()
                && tasks.stream()
                        .allMatch(
                                task ->
                                        task instanceof Map<?, ?> state
                                                && "RUNNING".equals(state.get("state")));
    }

    private static String cause(String trace) {
        String cause =
                trace.lines()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce((_, later) -> later)
                        .map(line -> line.substring("Caused by: ".length()))
                        .orElse(trace.lines().findFirst().orElse(""))
                        .replaceFirst("^[a-zA-Z0-9_.$]+(Exception|Error): ", "")
                        // a connection's number, which is another each time
                        .replaceFirst("^\\(conn=\\d+\\) ", "")
                        .strip();
        if (cause.isEmpty()) {
            return "it does not say why";
        }
        String line = cause.substring(0, Math.min(cause.length(), LONGEST));
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
