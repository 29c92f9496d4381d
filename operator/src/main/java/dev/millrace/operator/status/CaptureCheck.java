package dev.millrace.operator.status;

import dev.millrace.pipeline.capture.CaptureRemedy;
import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.plan.TablePlan;

import io.strimzi.api.kafka.model.connector.KafkaConnector;
import io.strimzi.api.kafka.model.connector.KafkaConnectorStatus;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Whether a database is followed, by what Strimzi says of its connector. Strimzi looks every two
 * minutes unless something changes, and Debezium runs on where it sees no table.
 */
final class CaptureCheck {
    /** A database, or Debezium, says why not. */
    static final String REFUSED = "NotCaptured";

    /** It failed, and nobody says why while it is begun again. */
    static final String BEGUN_AGAIN = "BegunAgain";

    private static final String NO_TABLES = "no such tables";

    private CaptureCheck() {}

    /**
     * What is to be told.
     *
     * @param hasRows whether it is known otherwise that all rows have come
     */
    static Check of(CapturedDatabase database, KafkaConnector connector, boolean hasRows) {
        String name = connector.getMetadata().getName();
        KafkaConnectorStatus status = connector.getStatus();
        Optional<String> failure = ConnectorFailure.of(status);
        if (failure.isPresent()) {
            return Check.waiting(REFUSED, refused(database, name, failure.get()));
        }
        Check strimzi = Readiness.strimzi("KafkaConnector " + name, connector, status);
        if (!strimzi.isReady()) {
            return isOfConnect(strimzi.message()) ? strimzi : withRemedy(database, strimzi);
        }
        boolean begunAgain = wasBegunAgain(status);
        String reason = begunAgain ? BEGUN_AGAIN : "NotCapturedYet";
        if (hasRows && !begunAgain) {
            // Strimzi has looked when it was made, and looks again in two minutes
            return followed(database);
        }
        if (!ConnectorFailure.isRunning(status)) {
            return Check.waiting(
                    reason,
                    "%s is not followed yet: the task of KafkaConnector %s %s"
                            .formatted(
                                    where(database),
                                    name,
                                    begunAgain
                                            ? "has failed and is begun again; why is told here within minutes"
                                            : "starts"));
        }
        List<String> written = status.getTopics() == null ? List.of() : status.getTopics();
        String missing =
                database.tables().stream()
                        .filter(table -> !written.contains(table.topic().name()))
                        .map(table -> ((TablePlan.Capture) table.source()).qualified())
                        .collect(Collectors.joining(", "));
        if (hasRows || missing.isEmpty()) {
            return followed(database);
        }
        return Check.waiting(
                reason,
                "%s is followed, but no row of %s has come yet. Where that stays so, and there are rows: %s (the Secret is %s)"
                        .formatted(
                                where(database),
                                missing,
                                CaptureRemedy.of(database, NO_TABLES).orElseThrow(),
                                database.database().secret()));
    }

    private static Check followed(CapturedDatabase database) {
        return Check.ready("Changes in " + where(database) + " reach their tables");
    }

    private static String refused(CapturedDatabase database, String name, String failure) {
        return "%s cannot be followed: %s. To do: %s (the Secret is %s); it is tried again after pauses that grow, and at once by: kubectl annotate kafkaconnector %s strimzi.io/restart-task=0"
                .formatted(
                        where(database),
                        failure,
                        CaptureRemedy.of(database, failure)
                                .orElse(
                                        "check host, network, username, password and the user's rights"),
                        database.database().secret(),
                        name);
    }

    private static Check withRemedy(CapturedDatabase database, Check check) {
        return CaptureRemedy.of(database, check.message())
                .map(
                        remedy ->
                                Check.waiting(
                                        check.reason(), check.message() + ". To do: " + remedy))
                .orElse(check);
    }

    private static String where(CapturedDatabase database) {
        return "%s at %s:%d"
                .formatted(
                        database.database().database(),
                        database.database().host(),
                        database.database().port());
    }

    private static boolean wasBegunAgain(KafkaConnectorStatus status) {
        return status.getAutoRestart() != null && status.getAutoRestart().getCount() > 0;
    }

    /** Whether Strimzi speaks of Kafka Connect itself, rather than of a database. */
    private static boolean isOfConnect(String message) {
        return message.contains("-connect-api") || message.contains("KafkaConnect resource");
    }
}
