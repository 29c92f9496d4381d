package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What stays and what goes with a pipeline. */
class DeletionTest extends OnCluster {
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
}
