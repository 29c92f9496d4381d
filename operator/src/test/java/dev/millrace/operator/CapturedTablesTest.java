package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

/** Tables that are captured: which connectors there are, and what is told of them. */
class CapturedTablesTest extends OnCluster {
    private static final String CAPTURING =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: shop}
            spec:
              connect: {image: registry.example.org/connect:1}
              tables:
                - name: products
                  key: id
                  fields: {id: {type: integer}, name: {type: string}}
                  cdc: {engine: mariadb, host: db, database: crm, table: products, secretRef: crm-user}
              streams:
                - name: orders
                  fields: {at: {type: timestamp}, product: {type: integer}}
                  time: at
                - {name: known, from: orders, join: [{table: products, key: product}]}
              metrics:
                - {name: orders, from: known, measure: count, by: name, window: 5m}
            """;
    private static final String ROWS = "KafkaTopic/shop-shop.crm.products";
    private static final Map<String, Object> RUNNING = Map.of("state", "RUNNING");

    private GenericKubernetesResource connector() {
        List<GenericKubernetesResource> connectors =
                objects("shop").values().stream()
                        .filter(object -> object.getKind().equals("KafkaConnector"))
                        .toList();
        assertThat(connectors).hasSize(1);
        return connectors.getFirst();
    }

    /** As Strimzi writes it; without a trace where no task has failed. */
    private void strimziSays(int restarts, Map<String, Object> task, List<String> topics) {
        boolean failed = "FAILED".equals(task.get("state"));
        GenericKubernetesResource connector = connector();
        cluster.setStatus(
                connector,
                Map.of(
                        "observedGeneration", connector.getMetadata().getGeneration(),
                        "autoRestart", Map.of("count", restarts),
                        "conditions",
                                List.of(
                                        Map.of(
                                                "type",
                                                failed ? "NotReady" : "Ready",
                                                "status",
                                                "True")),
                        "connectorStatus", Map.of("connector", RUNNING, "tasks", List.of(task)),
                        "topics", topics));
    }

    private void untilTold(String status, String reason, String... parts) {
        within(
                () -> {
                    assertThat(condition("TablesCaptured").getMessage()).contains(parts);
                    assertThat(condition("TablesCaptured").getReason()).isEqualTo(reason);
                    assertThat(condition("TablesCaptured").getStatus()).isEqualTo(status);
                });
    }

    private void untilConnectorIsMade() {
        within(
                () -> {
                    objects("shop").entrySet().stream()
                            .filter(object -> !object.getKey().equals("Deployment/shop-enricher"))
                            .forEach(object -> cluster.makeReady(object.getValue()));
                    assertThat(connector()).isNotNull();
                    assertThat(objects("shop"))
                            .hasEntrySatisfying(
                                    "KafkaConnect/shop-connect",
                                    connect ->
                                            assertThat(connect.getAdditionalProperties())
                                                    .containsKey("status"));
                });
    }

    @Test
    void whatKeepsADatabaseFromBeingFollowedIsToldWithWhatToDo() {
        apply(CAPTURING);
        untilConnectorIsMade();

        strimziSays(0, RUNNING, List.of());
        untilTold("False", "NotCapturedYet", "no row of crm.products", "grant select");

        strimziSays(1, Map.of("state", "RESTARTING"), List.of());
        untilTold("False", "BegunAgain", "has failed and is begun again");
        strimziSays(
                1,
                Map.of(
                        "state",
                        "FAILED",
                        "trace",
                        "Caused by: x.SqlException: Access denied; you need (at least one of) RELOAD"),
                List.of());
        untilTold("False", "NotCaptured", "Access denied", "grant reload");
        // begun again, which it does every few minutes: what is known stays told
        strimziSays(2, Map.of("state", "RESTARTING"), List.of());
        settled(() -> condition("TablesCaptured"));
        untilTold("False", "NotCaptured", "Access denied", "grant reload");

        strimziSays(2, RUNNING, List.of("shop.crm.products"));
        untilTold("True", "Ready", "reach their tables");
    }

    @Test
    void aNewOperatorLeavesTheConnectorAsItIs() throws InterruptedException {
        apply(CAPTURING);
        untilConnectorIsMade();
        String before = settled(() -> connector().getMetadata().getUid());

        cluster.stopOperator();
        cluster.startOperator();

        // it begins to watch one kind after the other
        Thread.sleep(LONG_ENOUGH_TO_ACT.multipliedBy(2));
        assertThat(settled(() -> connector().getMetadata().getUid())).isEqualTo(before);
    }

    @Test
    void aTopicThatIsMadeAnewIsFilledByAConnectorWithoutAPast() {
        apply(CAPTURING);
        untilConnectorIsMade();
        String before = connector().getMetadata().getName();
        String topic = objects("shop").get(ROWS).getMetadata().getUid();

        cluster.client().resource(objects("shop").get(ROWS)).delete();

        within(
                () -> {
                    assertThat(objects("shop")).containsKey(ROWS);
                    assertThat(objects("shop").get(ROWS).getMetadata().getUid())
                            .isNotEqualTo(topic);
                    assertThat(connector().getMetadata().getName()).isNotEqualTo(before);
                });
    }
}
