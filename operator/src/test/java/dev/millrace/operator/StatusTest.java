package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.junit.jupiter.api.Test;

import java.util.Map;

/** What the status tells. */
class StatusTest extends OnCluster {
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
        within(() -> assertThat(events()).contains("InvalidPlan"));

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
}
