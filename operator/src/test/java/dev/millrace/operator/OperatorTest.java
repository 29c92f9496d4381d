package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.dsl.Resource;

import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The operator on a real API server, with no more rights than the chart gives it. */
@OnApiServer
class OperatorTest {
    private static final Duration LONG_ENOUGH_TO_ACT = Duration.ofSeconds(2);
    private static final String SHOP =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: shop}
            spec:
              streams:
                - name: events
                  fields: {at: {type: timestamp}, user: {type: string}, page: {type: string}}
                  time: at
                  key: user
                  generator: {}
              metrics:
                - {name: views, measure: count, by: page, window: 5m}
            """;
    private static final String EXTERNAL =
            """
              kafka: {external: {bootstrapServers: 'kafka.example.org:9092', secretRef: kafka-settings}}
              redis: {external: {uriSecretRef: redis-address}}
              mongo: {external: {uriSecretRef: mongo-address}}
            """;

    private static Cluster cluster;

    private String namespace;

    @BeforeAll
    static void startOperator() {
        cluster = new Cluster();
    }

    @AfterAll
    static void stopOperator() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @BeforeEach
    void makeNamespace() {
        namespace = ApiServer.running().newNamespace();
    }

    @AfterEach
    void leaveNothingToReconcile() {
        cluster.client().resources(AnalyticsPipeline.class).inNamespace(namespace).delete();
    }

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
    void tellsWhatItWaitsForUntilAllIsReady() {
        apply(SHOP);
        within(
                () ->
                        assertThat(condition("Ready").getMessage())
                                .contains("KafkaReady", "shop-kafka"));
        assertThat(condition("Ready").getStatus()).isEqualTo("False");
        assertThat(objects("shop")).doesNotContainKey("Deployment/shop-producer");

        AnalyticsPipeline pipeline = untilReady();
        assertThat(pipeline.getStatus().observedGeneration())
                .isEqualTo(pipeline.getMetadata().getGeneration());
        assertThat(pipeline.getStatus().conditions())
                .extracting(Condition::getType)
                .contains("PlanValid", "KafkaReady", "RedisReady", "MongoReady", "ProducerReady");

        GenericKubernetesResource redis = objects("shop").get("StatefulSet/shop-redis");
        cluster.setStatus(
                redis,
                Map.of("observedGeneration", redis.getMetadata().getGeneration(), "replicas", 1));
        within(() -> assertThat(condition("RedisReady").getStatus()).isEqualTo("False"));
        within(() -> assertThat(condition("Ready").getStatus()).isEqualTo("False"));
        assertThat(objects("shop")).containsKey("Deployment/shop-processor");
    }

    @Test
    void aMetricMoreRestartsOnlyWhoCountsAndWhoAnswers() {
        ready(SHOP);
        Map<String, Long> before = generations();

        apply(SHOP + "    - {name: users, measure: unique, of: user, window: 5m}\n");

        within(
                () ->
                        assertThat(changed(before))
                                .containsExactlyInAnyOrder(
                                        "Deployment/shop-api", "Deployment/shop-processor"));
        assertThat(events()).contains("ManifestChanged");
        assertThat(text("ConfigMap/shop-pipeline", "data", "pipeline.yaml")).contains("users");
        untilReady();
    }

    @Test
    void settingsOfAPartChangeThatPartAlone() {
        ready(SHOP);
        Map<String, Long> before = generations();

        apply(SHOP + "  audit: {resources: {requests: {memory: 1Gi}}}\n");
        within(() -> assertThat(changed(before)).containsExactly("Deployment/shop-audit"));
        untilReady();

        Map<String, Long> then = generations();
        apply(SHOP + "  producer: {autoscaling: {max: 3}}\n  processor: {replicas: 2}\n");
        within(
                () ->
                        assertThat(changed(then))
                                .contains(
                                        "HorizontalPodAutoscaler/shop-producer",
                                        "PodDisruptionBudget/shop-processor",
                                        "Deployment/shop-processor",
                                        "Deployment/shop-audit")
                                .doesNotContain("Deployment/shop-api"));
    }

    @Test
    void whatSomebodyElseChangesIsUndone() {
        ready(SHOP);
        Map<String, GenericKubernetesResource> before = objects("shop");

        cluster.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName("shop-api")
                .edit(
                        deployment -> {
                            deployment
                                    .getSpec()
                                    .getTemplate()
                                    .getSpec()
                                    .getContainers()
                                    .getFirst()
                                    .setImage("somebody/elses:1");
                            return deployment;
                        });
        cluster.client().resource(before.get("Service/shop-api")).delete();
        cluster.client().resource(before.get("ConfigMap/shop-pipeline")).delete();
        cluster.client().resource(before.get("KafkaTopic/shop-events")).delete();

        within(
                () -> {
                    assertThat(objects("shop").keySet()).isEqualTo(before.keySet());
                    assertThat(
                                    cluster.client()
                                            .apps()
                                            .deployments()
                                            .inNamespace(namespace)
                                            .withName("shop-api")
                                            .get()
                                            .getSpec()
                                            .getTemplate()
                                            .getSpec()
                                            .getContainers()
                                            .getFirst()
                                            .getImage())
                            .startsWith("millrace/api");
                });
    }

    @Test
    void aPasswordIsNeverMadeAgain() {
        ready(SHOP);
        String password = text("Secret/shop-redis", "data", "password");

        apply(SHOP + "  redis: {maxMemory: 1gb}\n");
        within(() -> assertThat(text("ConfigMap/shop-redis", "data")).contains("1gb"));

        assertThat(text("Secret/shop-redis", "data", "password")).isEqualTo(password);
    }

    @Test
    void anInvalidPlanIsToldInFullAndLeavesWhatRuns() {
        ready(SHOP);
        Map<String, Long> before = generations();

        apply(
                SHOP
                        + "    - {name: sums, measure: sum, of: price, window: 5m}\n"
                        + "    - {name: more, measure: count, window: 5m, where: 'age > 3'}\n");

        within(
                () ->
                        assertThat(condition("PlanValid"))
                                .satisfies(
                                        plan -> {
                                            assertThat(plan.getStatus()).isEqualTo("False");
                                            assertThat(plan.getMessage()).contains("price", "age");
                                        }));
        assertThat(condition("Ready").getStatus()).isEqualTo("False");
        assertThat(changed(before)).isEmpty();
        assertThat(events()).contains("InvalidPlan");

        apply(SHOP);
        untilReady();
        assertThat(changed(before)).isEmpty();
    }

    @Test
    void aPausedPipelineIsLeftAlone() throws InterruptedException {
        ready(SHOP);
        Map<String, Long> before = generations();

        annotate("true");
        within(() -> assertThat(condition("ReconciliationPaused").getStatus()).isEqualTo("True"));
        apply(SHOP + "  processor: {replicas: 3}\n");
        cluster.client().resource(objects("shop").get("Service/shop-api")).delete();
        Thread.sleep(LONG_ENOUGH_TO_ACT);
        assertThat(changed(before)).containsExactly("Service/shop-api");

        annotate(null);
        within(
                () ->
                        assertThat(changed(before))
                                .containsExactlyInAnyOrder(
                                        "Deployment/shop-processor",
                                        "PodDisruptionBudget/shop-processor"));
        within(() -> assertThat(condition("ReconciliationPaused").getStatus()).isEqualTo("False"));
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
    void deletionWaitsForNobody() throws InterruptedException {
        ready(SHOP);

        pipeline("shop").delete();

        within(() -> assertThat(pipeline("shop").get()).isNull());
        Thread.sleep(LONG_ENOUGH_TO_ACT);
        // garbage collection is Kubernetes' work: here everything but what the operator removes
        // stays
        assertThat(objects("shop").values())
                .allSatisfy(
                        object -> assertThat(object.getMetadata().getOwnerReferences()).hasSize(1));
    }

    @Test
    void retainedDataBelongsToNobody() {
        ready(SHOP + "  deletionPolicy: Retain\n");

        assertThat(orphans())
                .containsExactlyInAnyOrder(
                        "ConfigMap/shop-kafka-metrics",
                        "Kafka/shop-kafka",
                        "KafkaNodePool/shop-brokers",
                        "KafkaTopic/shop-dead-letters",
                        "KafkaTopic/shop-events",
                        "PersistentVolumeClaim/shop-mongo-data",
                        "PersistentVolumeClaim/shop-redis-data",
                        "Secret/shop-mongo",
                        "Secret/shop-redis");
        String password = text("Secret/shop-mongo", "data", "password");

        apply(SHOP + "  deletionPolicy: Delete\n");
        within(() -> assertThat(orphans()).isEmpty());
        apply(SHOP + "  deletionPolicy: Retain\n");
        within(() -> assertThat(orphans()).hasSize(9));
        assertThat(text("Secret/shop-mongo", "data", "password")).isEqualTo(password);
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
    void aNewOperatorWritesNothingWhereNothingChanged() throws InterruptedException {
        ready(
                SHOP
                        + "  api: {ingress: {host: shop.example.org}, route: {gateway: public}, autoscaling: {max: 3}}\n"
                        + "  processor: {replicas: 2, resources: {limits: {cpu: 1500m, memory: 1024Mi}}}\n"
                        + "  redis: {storage: {size: 1024Mi}}\n");
        Map<String, String> before = versions();

        cluster.stopOperator();
        cluster.startOperator();
        Thread.sleep(LONG_ENOUGH_TO_ACT.multipliedBy(2));

        assertThat(versions()).as(() -> events().toString()).isEqualTo(before);
    }

    private AnalyticsPipeline ready(String yaml) {
        apply(yaml);
        return untilReady();
    }

    private void apply(String yaml) {
        // as kubectl does it, and without what was there before and is not any more
        NamespaceableResource<HasMetadata> resource = cluster.client().resource(yaml);
        resource.inNamespace(namespace).fieldManager("kubectl").forceConflicts().serverSideApply();
    }

    private AnalyticsPipeline untilReady() {
        within(
                () -> {
                    cluster.makeReady(namespace, "shop");
                    AnalyticsPipeline pipeline = pipeline("shop").get();
                    assertThat(pipeline.getStatus()).isNotNull();
                    assertThat(condition("Ready"))
                            .satisfies(
                                    ready -> {
                                        assertThat(ready.getStatus())
                                                .as(ready.getMessage())
                                                .isEqualTo("True");
                                        assertThat(ready.getObservedGeneration())
                                                .isEqualTo(pipeline.getMetadata().getGeneration());
                                    });
                });
        return pipeline("shop").get();
    }

    private static void within(org.awaitility.core.ThrowingRunnable assertion) {
        ConditionFactory patience =
                await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(150));
        patience.untilAsserted(assertion);
    }

    private Resource<AnalyticsPipeline> pipeline(String name) {
        return cluster.client()
                .resources(AnalyticsPipeline.class)
                .inNamespace(namespace)
                .withName(name);
    }

    private Condition condition(String type) {
        AnalyticsPipeline pipeline = pipeline("shop").get();
        assertThat(pipeline.getStatus()).as("status").isNotNull();
        return pipeline.getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    private void annotate(String pause) {
        cluster.client()
                .genericKubernetesResources("millrace.dev/v1alpha1", "AnalyticsPipeline")
                .inNamespace(namespace)
                .withName("shop")
                .edit(
                        pipeline -> {
                            Map<String, String> annotations =
                                    new TreeMap<>(pipeline.getMetadata().getAnnotations());
                            annotations.remove("millrace.dev/pause");
                            if (pause != null) {
                                annotations.put("millrace.dev/pause", pause);
                            }
                            pipeline.getMetadata().setAnnotations(annotations);
                            return pipeline;
                        });
    }

    private Map<String, GenericKubernetesResource> objects(String pipeline) {
        return cluster.objectsOf(namespace, pipeline);
    }

    private List<String> orphans() {
        return objects("shop").entrySet().stream()
                .filter(object -> object.getValue().getMetadata().getOwnerReferences().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What counts changes of what is wanted of an object. */
    private Map<String, Long> generations() {
        return map(
                object ->
                        object.getMetadata().getGeneration() == null
                                ? 0L
                                : object.getMetadata().getGeneration());
    }

    /** Objects that were made, taken away or changed; of some kinds no changes are counted. */
    private List<String> changed(Map<String, Long> before) {
        Map<String, Long> now = generations();
        return java.util.stream.Stream.concat(before.keySet().stream(), now.keySet().stream())
                .distinct()
                .filter(name -> !java.util.Objects.equals(before.get(name), now.get(name)))
                .toList();
    }

    private Map<String, String> versions() {
        Map<String, String> versions = map(object -> object.getMetadata().getResourceVersion());
        versions.put("pipeline", pipeline("shop").get().getMetadata().getResourceVersion());
        versions.put("events", Integer.toString(events().size()));
        return versions;
    }

    private <T> Map<String, T> map(Function<GenericKubernetesResource, T> property) {
        return objects("shop").entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                object -> property.apply(object.getValue()),
                                (a, b) -> a,
                                TreeMap::new));
    }

    private List<String> events() {
        KubernetesClient client = cluster.client();
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .map(io.fabric8.kubernetes.api.model.Event::getReason)
                .toList();
    }

    private String text(String object, String... path) {
        return text(objects("shop"), object, path);
    }

    private static String text(
            Map<String, GenericKubernetesResource> objects, String object, String... path) {
        Object value = objects.get(object).get((Object[]) path);
        return String.valueOf(value);
    }
}
