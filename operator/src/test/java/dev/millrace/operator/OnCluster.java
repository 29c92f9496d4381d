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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A pipeline in a namespace of its own, on a real API server, with an operator that has no more
 * rights than the chart gives it. All tests share the operator.
 */
@OnApiServer
@ExtendWith(Cluster.StoppedInTheEnd.class)
abstract class OnCluster {
    static final Duration LONG_ENOUGH_TO_ACT = Duration.ofSeconds(2);
    static final String SHOP =
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

    final Cluster cluster = Cluster.running();

    String namespace;

    @BeforeEach
    void makeNamespace() {
        namespace = ApiServer.running().newNamespace();
    }

    @AfterEach
    void leaveNothingToReconcile() {
        cluster.client().resources(AnalyticsPipeline.class).inNamespace(namespace).delete();
    }

    AnalyticsPipeline ready(String yaml) {
        apply(yaml);
        return untilReady();
    }

    void apply(String yaml) {
        // as kubectl does it, and without what was there before and is not any more
        NamespaceableResource<HasMetadata> resource = cluster.client().resource(yaml);
        resource.inNamespace(namespace).fieldManager("kubectl").forceConflicts().serverSideApply();
    }

    AnalyticsPipeline untilReady() {
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

    static void within(org.awaitility.core.ThrowingRunnable assertion) {
        ConditionFactory patience =
                await().atMost(Duration.ofSeconds(180)).pollInterval(Duration.ofMillis(150));
        patience.untilAsserted(assertion);
    }

    Resource<AnalyticsPipeline> pipeline(String name) {
        return cluster.client()
                .resources(AnalyticsPipeline.class)
                .inNamespace(namespace)
                .withName(name);
    }

    Condition condition(String type) {
        AnalyticsPipeline pipeline = pipeline("shop").get();
        assertThat(pipeline.getStatus()).as("status").isNotNull();
        return pipeline.getStatus().conditions().stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no condition " + type));
    }

    void annotate(String pause) {
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

    Map<String, GenericKubernetesResource> objects(String pipeline) {
        return cluster.objectsOf(namespace, pipeline);
    }

    List<String> orphans() {
        return objects("shop").entrySet().stream()
                .filter(object -> object.getValue().getMetadata().getOwnerReferences().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What counts changes of what is wanted of an object. */
    Map<String, Long> generations() {
        return map(
                object ->
                        object.getMetadata().getGeneration() == null
                                ? 0L
                                : object.getMetadata().getGeneration());
    }

    /** Objects that were made, taken away or changed; of some kinds no changes are counted. */
    List<String> changed(Map<String, Long> before) {
        Map<String, Long> now = generations();
        return java.util.stream.Stream.concat(before.keySet().stream(), now.keySet().stream())
                .distinct()
                .filter(name -> !Objects.equals(before.get(name), now.get(name)))
                .toList();
    }

    Map<String, String> versions() {
        Map<String, String> versions = map(object -> object.getMetadata().getResourceVersion());
        versions.put("pipeline", pipeline("shop").get().getMetadata().getResourceVersion());
        versions.put("events", Integer.toString(events().size()));
        return versions;
    }

    /** What something is once nobody changes it any more: what follows on Ready is written too. */
    static <T> T settled(Supplier<T> state) {
        return await().atMost(Duration.ofSeconds(180))
                .pollInterval(Duration.ofMillis(500))
                .until(
                        () -> {
                            T before = state.get();
                            Thread.sleep(LONG_ENOUGH_TO_ACT.dividedBy(2));
                            return before.equals(state.get()) ? before : null;
                        },
                        Objects::nonNull);
    }

    <T> Map<String, T> map(Function<GenericKubernetesResource, T> property) {
        return objects("shop").entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                object -> property.apply(object.getValue()),
                                (a, b) -> a,
                                TreeMap::new));
    }

    List<String> events() {
        KubernetesClient client = cluster.client();
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .map(io.fabric8.kubernetes.api.model.Event::getReason)
                .toList();
    }

    String text(String object, String... path) {
        return text(objects("shop"), object, path);
    }

    static String text(
            Map<String, GenericKubernetesResource> objects, String object, String... path) {
        Object value = objects.get(object).get((Object[]) path);
        return String.valueOf(value);
    }
}
