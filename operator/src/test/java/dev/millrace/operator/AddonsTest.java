package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.desired.ShippedPipeline;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.user.KafkaUser;
import io.strimzi.api.kafka.model.user.KafkaUserAuthorizationSimple;
import io.strimzi.api.kafka.model.user.acl.StrimziAclOperation;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What is shipped to stand beside a pipeline: an API server takes it as it is, with nothing that it
 * does not know, it fits what the operator makes of the pipeline, and it may do little.
 */
@OnApiServer
class AddonsTest {
    private static final Path CONSOLE = Path.of("../k8s/addons/kafka-console.yaml");
    private static final ApiServer SERVER = ApiServer.running().withPipelines().withStrimzi();
    private static final KubernetesClient CLIENT = SERVER.admin();

    @Test
    void theConsoleIsTakenWhereOnlyRestrictedPodsAre() throws Exception {
        String namespace = SERVER.newNamespace();
        CLIENT.namespaces()
                .withName(namespace)
                .edit(
                        there ->
                                new NamespaceBuilder(there)
                                        .editMetadata()
                                        .addToLabels(
                                                "pod-security.kubernetes.io/enforce", "restricted")
                                        .endMetadata()
                                        .build());
        List<GenericKubernetesResource> objects = Pipelines.read(CONSOLE);
        assertThat(objects)
                .extracting(GenericKubernetesResource::getKind)
                .containsExactly("KafkaUser", "Deployment", "NetworkPolicy");
        for (GenericKubernetesResource object : objects) {
            CLIENT.resource(object)
                    .inNamespace(namespace)
                    .fieldValidation(FieldValidateable.Validation.STRICT)
                    .create();
        }

        PodTemplateSpec template = deployment().getSpec().getTemplate();
        Pod pod =
                new PodBuilder()
                        .withNewMetadataLike(template.getMetadata())
                        .withName("console")
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build();
        assertThat(CLIENT.resource(pod).inNamespace(namespace).create().getMetadata().getUid())
                .isNotNull();
    }

    @Test
    void theConsoleMayOnlyRead() throws Exception {
        KafkaUser user =
                Serialization.unmarshal(
                        Serialization.asYaml(Pipelines.read(CONSOLE).getFirst()), KafkaUser.class);
        KafkaUserAuthorizationSimple rights =
                (KafkaUserAuthorizationSimple) user.getSpec().getAuthorization();
        assertThat(rights.getAcls())
                .isNotEmpty()
                .allSatisfy(
                        rule ->
                                assertThat(rule.getOperations())
                                        .isSubsetOf(
                                                StrimziAclOperation.READ,
                                                StrimziAclOperation.DESCRIBE,
                                                StrimziAclOperation.DESCRIBECONFIGS));
        Container container =
                deployment().getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(container.getImage()).matches(".+:v\\d+\\.\\d+\\.\\d+");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getResources().getLimits()).containsKeys("cpu", "memory");
        assertThat(container.getEnv())
                .anyMatch(
                        variable ->
                                variable.getName().equals("KAFKA_CLUSTERS_0_READONLY")
                                        && variable.getValue().equals("true"));
    }

    @Test
    void theConsoleFitsWhatIsMadeOfItsPipeline() throws Exception {
        Kafka kafka = ShippedPipeline.kafka(Path.of("../k8s/orders.yaml"));
        String cluster = kafka.getMetadata().getName();
        String text = Files.readString(CONSOLE);
        Map<String, String> labels = deployment().getSpec().getTemplate().getMetadata().getLabels();

        assertThat(Pipelines.read(CONSOLE).getFirst().getMetadata().getLabels())
                .containsEntry("strimzi.io/cluster", cluster);
        assertThat(text)
                .contains(
                        "\"" + cluster + "-kafka-bootstrap:9093\"",
                        "secretName: " + cluster + "-cluster-ca-cert");
        assertThat(kafka.getSpec().getKafka().getListeners().getFirst().getPort()).isEqualTo(9093);
        assertThat(kafka.getSpec().getKafka().getListeners().getFirst().getNetworkPolicyPeers())
                .anySatisfy(
                        peer ->
                                assertThat(labels)
                                        .containsAllEntriesOf(
                                                peer.getPodSelector().getMatchLabels()));
        assertThat(text.replace("orders", "shop")).doesNotContain("orders");
    }

    private static Deployment deployment() {
        return Serialization.unmarshal(
                Serialization.asYaml(Pipelines.read(CONSOLE).get(1)), Deployment.class);
    }
}
