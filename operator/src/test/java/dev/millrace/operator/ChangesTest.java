package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** A change reaches what it concerns, and nothing else. */
class ChangesTest extends OnCluster {
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
        within(() -> assertThat(events()).contains("ManifestChanged"));
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
}
