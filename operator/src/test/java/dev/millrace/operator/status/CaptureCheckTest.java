package dev.millrace.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.manifest.ManifestReader;

import io.strimzi.api.kafka.model.common.ConditionBuilder;
import io.strimzi.api.kafka.model.connector.AutoRestartStatus;
import io.strimzi.api.kafka.model.connector.KafkaConnector;
import io.strimzi.api.kafka.model.connector.KafkaConnectorBuilder;
import io.strimzi.api.kafka.model.connector.KafkaConnectorStatus;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** What is told of a database that is followed, or not, by its connector on a cluster. */
class CaptureCheckTest {
    private static final CapturedDatabase SHOP =
            CapturedDatabase.of(
                            "demo",
                            ManifestReader.parse(
                                    "test",
                                    """
                                    apiVersion: millrace.dev/v1alpha1
                                    kind: AnalyticsPipeline
                                    metadata: {name: shop}
                                    spec:
                                      tables:
                                        - name: products
                                          key: id
                                          fields: {id: {type: integer}, name: {type: string}}
                                          cdc: {engine: mariadb, host: db, database: crm, table: products, secretRef: crm-user}
                                      streams: [{name: orders, fields: {id: {type: string}}}]
                                      metrics: [{name: orders, from: orders, measure: count, window: 5m}]
                                    """))
                    .getFirst();
    private static final Map<String, Object> RUNNING = Map.of("state", "RUNNING");
    private static final Map<String, Object> RESTARTING = Map.of("state", "RESTARTING");

    private final KafkaConnectorStatus status = new KafkaConnectorStatus();

    private void tasks(List<Map<String, Object>> tasks) {
        status.setConnectorStatus(Map.of("connector", RUNNING, "tasks", tasks));
        status.setTopics(List.of());
        status.setObservedGeneration(1);
        status.addCondition(new ConditionBuilder().withType("Ready").withStatus("True").build());
    }

    private void begunAgain() {
        AutoRestartStatus restart = new AutoRestartStatus();
        restart.setCount(1);
        status.setAutoRestart(restart);
    }

    private Check check(boolean hasRows) {
        KafkaConnector connector =
                new KafkaConnectorBuilder()
                        .withNewMetadata()
                        .withName("shop-cdc-1")
                        .withGeneration(1L)
                        .endMetadata()
                        .withStatus(status)
                        .build();
        return CaptureCheck.of(SHOP, connector, hasRows);
    }

    @Test
    void itIsFollowedOnceItsTopicsAreWritten() {
        tasks(List.of(RUNNING));
        status.setTopics(List.of("shop.crm.products"));
        assertThat(check(false).isReady()).isTrue();
    }

    @Test
    void aFailedTaskIsToldWithWhatToDoAndHowToTryAtOnce() {
        String trace =
                """
                org.apache.kafka.connect.errors.ConnectException: An exception occurred
                Caused by: java.sql.SQLSyntaxErrorException: (conn=177) Access denied; you need (at least one of) the RELOAD privilege(s)
                """;
        tasks(List.of(Map.of("state", "FAILED", "trace", trace)));
        assertThat(check(true))
                .isEqualTo(
                        Check.waiting(
                                CaptureCheck.REFUSED,
                                "crm at db:3306 cannot be followed: Access denied; you need (at least one of) the RELOAD privilege(s). To do: grant reload, show databases, replication slave, replication client on *.* to the user (the Secret is crm-user); it is tried again after pauses that grow, and at once by: kubectl annotate kafkaconnector shop-cdc-1 strimzi.io/restart-task=0"));
    }

    @Test
    void aTaskThatDoesNotRunFollowsNothingThoughItsConnectorRuns() {
        tasks(List.of());
        assertThat(check(false).isReady()).isFalse();
        assertThat(check(false).message())
                .isEqualTo(
                        "crm at db:3306 is not followed yet: the task of KafkaConnector shop-cdc-1 starts");
        tasks(List.of(RESTARTING));
        begunAgain();
        assertThat(check(true).reason()).isEqualTo(CaptureCheck.BEGUN_AGAIN);
        assertThat(check(true).message())
                .contains("has failed and is begun again; why is told here within minutes");
    }

    @Test
    void noTableAndNoRightLookAlikeAndAreToldWithWhatToDo() {
        tasks(List.of(RUNNING));
        Check check = check(false);
        assertThat(check.isReady()).isFalse();
        assertThat(check.reason()).isEqualTo("NotCapturedYet");
        assertThat(check.message())
                .isEqualTo(
                        "crm at db:3306 is followed, but no row of crm.products has come yet. Where that stays so, and there are rows: check cdc.database and cdc.table, create what is missing, and grant select, lock tables on crm.* to the user (the Secret is crm-user)");
    }

    @Test
    void rowsThatAreJoinedHaveComeThoughStrimziHasNotLookedYet() {
        tasks(List.of(RUNNING));
        assertThat(check(true).isReady()).isTrue();
        tasks(List.of());
        assertThat(check(true).isReady()).isTrue();
    }
}
