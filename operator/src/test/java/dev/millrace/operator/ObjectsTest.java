package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.Condition;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What is made for a pipeline, and what is not. */
class ObjectsTest extends OnCluster {
    private static final String EXTERNAL =
            """
              kafka: {external: {bootstrapServers: 'kafka.example.org:9092', secretRef: kafka-settings}}
              redis: {external: {uriSecretRef: redis-address}}
              mongo: {external: {uriSecretRef: mongo-address}}
            """;

    @Test
    void everythingAppearsAndBelongsToThePipeline() {
        AnalyticsPipeline pipeline = ready(SHOP);

        assertThat(objects("shop").keySet())
                .containsExactly(
                        "ConfigMap/shop-kafka-metrics",
                        "ConfigMap/shop-pipeline",
                        "ConfigMap/shop-redis",
                        "Deployment/shop-api",
                        "Deployment/shop-audit",
                        "Deployment/shop-processor",
                        "Deployment/shop-producer",
                        "Kafka/shop-kafka",
                        "KafkaNodePool/shop-brokers",
                        "KafkaTopic/shop-dead-letters",
                        "KafkaTopic/shop-events",
                        "KafkaUser/shop-audit",
                        "KafkaUser/shop-processor",
                        "KafkaUser/shop-producer",
                        "NetworkPolicy/shop-api",
                        "NetworkPolicy/shop-audit",
                        "NetworkPolicy/shop-mongo",
                        "NetworkPolicy/shop-processor",
                        "NetworkPolicy/shop-producer",
                        "NetworkPolicy/shop-redis",
                        "PersistentVolumeClaim/shop-mongo-data",
                        "PersistentVolumeClaim/shop-redis-data",
                        "PodMonitor/shop",
                        "PodMonitor/shop-kafka",
                        "PrometheusRule/shop",
                        "Secret/shop-mongo",
                        "Secret/shop-redis",
                        "Service/shop-api",
                        "Service/shop-mongo",
                        "Service/shop-producer",
                        "Service/shop-redis",
                        "ServiceAccount/shop-pipeline",
                        "StatefulSet/shop-mongo",
                        "StatefulSet/shop-redis");
        assertThat(objects("shop").values())
                .allSatisfy(
                        object ->
                                assertThat(object.getMetadata().getOwnerReferences())
                                        .as(object.getKind())
                                        .singleElement()
                                        .satisfies(
                                                owner ->
                                                        assertThat(owner.getUid())
                                                                .isEqualTo(
                                                                        pipeline.getMetadata()
                                                                                .getUid())));
    }

    @Test
    void ofExternalServersNothingIsMade() {
        ready(SHOP + EXTERNAL);

        assertThat(objects("shop").keySet())
                .noneMatch(
                        name ->
                                name.startsWith("Kafka")
                                        || name.startsWith("StatefulSet")
                                        || name.startsWith("Secret")
                                        || name.startsWith("PersistentVolumeClaim"));
        assertThat(objects("shop").get("Deployment/shop-processor").toString())
                .contains("kafka.example.org:9092", "redis-address");
        assertThat(objects("shop").get("Deployment/shop-audit").toString())
                .contains("mongo-address");
    }

    @Test
    void anEnricherRunsWhileAStreamIsMadeFromAnother() {
        ready(SHOP);
        assertThat(objects("shop")).doesNotContainKey("Deployment/shop-enricher");

        ready(
                SHOP.replace("  metrics:", "    - {name: seen, from: events}\n  metrics:")
                                .replace("{name: views,", "{name: views, from: seen,")
                        + "  enricher: {replicas: 2}\n");
        assertThat(objects("shop"))
                .containsKeys(
                        "Deployment/shop-enricher",
                        "KafkaTopic/shop-seen",
                        "KafkaUser/shop-enricher",
                        "NetworkPolicy/shop-enricher",
                        "PodDisruptionBudget/shop-enricher");
        assertThat(condition("EnricherReady").getStatus()).isEqualTo("True");

        ready(SHOP);
        within(
                () ->
                        assertThat(objects("shop"))
                                .doesNotContainKeys(
                                        "Deployment/shop-enricher", "KafkaUser/shop-enricher"));
    }

    @Test
    void aSchemaRegistryIsMadeForAvroAndItsSchemasAreKept() {
        ready(SHOP);
        assertThat(objects("shop")).doesNotContainKey("StatefulSet/shop-registry");

        ready(SHOP.replace("- name: events\n", "- name: events\n      format: avro\n"));
        assertThat(objects("shop"))
                .containsKeys(
                        "NetworkPolicy/shop-registry",
                        "PersistentVolumeClaim/shop-registry-data",
                        "Service/shop-registry",
                        "StatefulSet/shop-registry");
        assertThat(condition("SchemaRegistryReady").getStatus()).isEqualTo("True");
        assertThat(objects("shop").get("Deployment/shop-processor").toString())
                .contains("http://shop-registry:8080/apis/ccompat/v7");

        ready(SHOP);
        within(
                () -> {
                    assertThat(objects("shop"))
                            .doesNotContainKeys("Service/shop-registry")
                            .containsKeys("PersistentVolumeClaim/shop-registry-data");
                    assertThat(pipeline("shop").get().getStatus().conditions())
                            .extracting(Condition::getType)
                            .doesNotContain("SchemaRegistryReady");
                });
    }

    @Test
    void theWaysInAreMadeAndTakenAway() {
        ready(SHOP + "  api: {ingress: {host: shop.example.org}, route: {gateway: public}}\n");
        within(() -> assertThat(objects("shop")).containsKeys("Ingress/shop", "HTTPRoute/shop"));

        apply(SHOP + "  networkPolicy: {enabled: false}\n  monitoring: {enabled: false}\n");

        within(
                () ->
                        assertThat(objects("shop").keySet())
                                .noneMatch(
                                        name ->
                                                name.startsWith("Ingress")
                                                        || name.startsWith("HTTPRoute")
                                                        || name.startsWith("NetworkPolicy")
                                                        || name.startsWith("PrometheusRule")
                                                        || name.startsWith("PodMonitor")));
    }

    @Test
    void twoPipelinesOfANamespaceDoNotMeet() {
        String cafe =
                SHOP.replace("name: shop", "name: cafe").replace("name: events", "name: orders");
        ready(SHOP);
        apply(cafe);
        within(
                () -> {
                    cluster.makeReady(namespace, "cafe");
                    assertThat(
                                    pipeline("cafe")
                                            .get()
                                            .getStatus()
                                            .conditions()
                                            .getFirst()
                                            .getStatus())
                            .isEqualTo("True");
                });
        Map<String, Long> before = generations();
        assertThat(objects("cafe").keySet()).doesNotContainAnyElementsOf(before.keySet());

        apply(cafe + "  clock: event\n");
        within(
                () ->
                        assertThat(text(objects("cafe"), "ConfigMap/cafe-pipeline", "data"))
                                .contains("event"));
        pipeline("cafe").delete();
        within(() -> assertThat(pipeline("cafe").get()).isNull());

        assertThat(changed(before)).isEmpty();
    }
}
