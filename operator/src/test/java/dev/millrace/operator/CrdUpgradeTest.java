package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Map;

/** The CRD is applied again by each upgrade: what is there stays there. */
@OnApiServer
class CrdUpgradeTest {
    private final ApiServer server = ApiServer.running().withPipelines();
    private final KubernetesClient client = server.admin();

    @BeforeAll
    static void havePipelinesForUs() {
        Cluster.withoutOperator();
    }

    @Test
    void pipelinesSurviveThatTheCrdIsAppliedAgain() {
        String namespace = server.newNamespace();
        GenericKubernetesResource before =
                Pipelines.read(Path.of("../k8s/clickstream.yaml")).getFirst();
        before.getMetadata().setNamespace(namespace);
        client.resource(before).create();
        GenericKubernetesResource created = client.resource(before).get();

        server.apply(ApiServer.pipelineCrd());

        GenericKubernetesResource kept = client.resource(before).get();
        assertThat(kept.getAdditionalProperties()).isEqualTo(created.getAdditionalProperties());
        assertThat(kept.getMetadata().getResourceVersion())
                .isEqualTo(created.getMetadata().getResourceVersion());
        AnalyticsPipeline read =
                client.resources(AnalyticsPipeline.class)
                        .inNamespace(namespace)
                        .withName("clickstream")
                        .get();
        assertThat(read.getSpec().metrics()).hasSize(3);
        kept.getMetadata().setLabels(Map.of("still", "writable"));
        assertThat(client.resource(kept).update().getAdditionalProperties())
                .isEqualTo(created.getAdditionalProperties());
    }
}
