package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.cel.runtime.Program;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Fence;
import dev.millrace.pipeline.plan.Plan;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Each rule of the CRD is seen to refuse one file of {@code crd/rejected}, and to let its namesake
 * in {@code crd/accepted} pass. The first line of a rejected file is what the API server says, as
 * {@code # PLACE: TEXT}; a file of two documents is a change from the first to the second.
 */
@OnApiServer
class CrdRulesTest {
    private static final Path ACCEPTED = Path.of("src/test/resources/crd/accepted");
    private static final Path REJECTED = Path.of("src/test/resources/crd/rejected");
    private static final ApiServer SERVER = ApiServer.running().withPipelines();
    private static final KubernetesClient CLIENT = SERVER.admin();
    private static final KubernetesSerialization SERIALIZATION =
            CLIENT.getKubernetesSerialization();
    private static final String NAMESPACE = SERVER.newNamespace();

    @BeforeAll
    static void havePipelinesForUs() {
        Cluster.withoutOperator();
    }

    @AfterEach
    void removePipelines() {
        CLIENT.genericKubernetesResources("millrace.dev/v1alpha1", "AnalyticsPipeline")
                .inNamespace(NAMESPACE)
                .delete();
    }

    static List<Path> accepted() {
        return files(ACCEPTED);
    }

    static List<Path> rejected() {
        return files(REJECTED);
    }

    static List<Path> shipped() {
        return files(Path.of("../k8s"));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void accepts(Path file) {
        for (GenericKubernetesResource pipeline : Pipelines.read(file)) {
            assertThat(apply(pipeline).getMetadata().getName()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void rejects(Path file) throws IOException {
        StatusCause cause = refusal(file);

        // its namesake passes for what it has there, not for lack of it
        JsonNode accepted = tree(Pipelines.read(ACCEPTED.resolve(file.getFileName())).getLast());
        assertThat(FieldPath.of(cause.getField()).valueIn(accepted).isMissingNode())
                .as("%s is missing in the accepted file", cause.getField())
                .isFalse();
    }

    @Test
    void everyRuleIsSeenToRefuseSomething() throws IOException {
        JsonNode schema = schema();
        Set<CrdRule> unseen = new LinkedHashSet<>();
        CrdRule.walk("", schema, (name, part) -> unseen.addAll(CrdRule.of(name, part)));
        assertThat(unseen).hasSizeGreaterThan(100);

        for (Path file : rejected()) {
            StatusCause cause = refusal(file);
            removePipelines();
            FieldPath place = FieldPath.of(cause.getField());
            boolean ofParent =
                    cause.getMessage().startsWith("Required")
                            || cause.getMessage().startsWith("Duplicate");
            FieldPath holder = ofParent ? place.parent() : place;
            List<CrdRule> fired =
                    CrdRule.of(holder.setting(schema), holder.in(schema)).stream()
                            .filter(rule -> rule.isMeantBy(cause.getMessage()))
                            .filter(
                                    rule ->
                                            !rule.kind().equals("required")
                                                    || rule.text().equals(place.last()))
                            .toList();
            assertThat(fired).as("rule that refused %s", file).hasSize(1);
            assertThat(unseen.removeAll(fired)).as("%s shows what another shows", file).isTrue();
        }

        assertThat(unseen).as("rules that no file of %s shows", REJECTED).isEmpty();
    }

    @Test
    void everyRejectedFileHasItsAcceptedNamesake() {
        Set<String> names = new TreeSet<>();
        rejected().forEach(file -> names.add(file.getFileName().toString()));
        names.add("defaults.yaml");

        assertThat(accepted().stream().map(file -> file.getFileName().toString()))
                .containsExactlyElementsOf(names);
    }

    @Test
    void everyDefaultIsFilledIn() throws IOException {
        GenericKubernetesResource written =
                Pipelines.read(ACCEPTED.resolve("defaults.yaml")).getFirst();
        Set<String> unseen = new TreeSet<>();
        CrdRule.walk(
                "",
                schema(),
                (name, part) -> {
                    if (part.has("default")) {
                        unseen.add(name + ": " + part.get("default"));
                    }
                });
        JsonNode before = tree(written);
        JsonNode after = tree(apply(written));

        removeFilledIn(before.path("spec"), after.path("spec"), unseen);

        assertThat(unseen).as("defaults that are not filled in").isEmpty();
    }

    private static void removeFilledIn(JsonNode before, JsonNode after, Set<String> unseen) {
        if (after.isArray()) {
            for (int i = 0; i < after.size(); i++) {
                removeFilledIn(before.path(i), after.get(i), unseen);
            }
        }
        after.properties()
                .forEach(
                        setting -> {
                            String name = setting.getKey();
                            if (before.has(name)) {
                                removeFilledIn(before.get(name), setting.getValue(), unseen);
                            } else {
                                unseen.remove(name + ": " + setting.getValue());
                            }
                        });
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void shippedPipelineIsAcceptedAndMeansTheSameOnACluster(Path file) throws IOException {
        GenericKubernetesResource written = Pipelines.read(file).getFirst();
        GenericKubernetesResource filledIn = apply(written);

        Plan plan = plan(tree(filledIn));
        assertThat(plan.fingerprint()).isEqualTo(ManifestReader.read(file).fingerprint());
        assertThat(plan)
                .usingRecursiveComparison()
                .ignoringFieldsOfTypes(Program.class)
                // settings that it does not have mean their defaults, whoever fills them in
                .ignoringFieldsMatchingRegexes(".*generator")
                // what a fence is indexed by has no end
                .withEqualsForType(Fence::equals, Fence.class)
                .isEqualTo(plan(tree(written)));
    }

    /** The plan of a manifest whose settings come by their names, as the API server keeps them. */
    private static Plan plan(JsonNode manifest) {
        return ManifestReader.parse("test", SERIALIZATION.asYaml(byName(manifest)));
    }

    private static JsonNode byName(JsonNode node) {
        if (node.isArray()) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> list.add(byName(element)));
            return list;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        node.properties().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> map.set(entry.getKey(), byName(entry.getValue())));
        return map;
    }

    @Test
    void aMisspeltSettingIsRefused() {
        GenericKubernetesResource pipeline =
                Pipelines.read(ACCEPTED.resolve("clock.yaml")).getFirst();
        pipeline.setAdditionalProperty("specs", List.of());

        assertThatThrownBy(() -> apply(pipeline))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("unknown field \"specs\"");
    }

    private static JsonNode schema() throws IOException {
        return SERIALIZATION
                .unmarshal(Files.readString(ApiServer.pipelineCrd()), JsonNode.class)
                .at("/spec/versions/0/schema/openAPIV3Schema");
    }

    private static JsonNode tree(GenericKubernetesResource pipeline) {
        return SERIALIZATION.convertValue(pipeline, JsonNode.class);
    }

    /** Creates a pipeline, or changes the one of its name. */
    private static GenericKubernetesResource apply(GenericKubernetesResource pipeline) {
        var inNamespace = CLIENT.resource(pipeline).inNamespace(NAMESPACE);
        GenericKubernetesResource there = inNamespace.get();
        if (there == null) {
            return inNamespace.fieldValidation(FieldValidateable.Validation.STRICT).create();
        }
        pipeline.getMetadata().setResourceVersion(there.getMetadata().getResourceVersion());
        return CLIENT.resource(pipeline)
                .inNamespace(NAMESPACE)
                .fieldValidation(FieldValidateable.Validation.STRICT)
                .update();
    }

    /** That the last document of a file is refused as its first line says. */
    private static StatusCause refusal(Path file) throws IOException {
        List<GenericKubernetesResource> documents = Pipelines.read(file);
        documents.subList(0, documents.size() - 1).forEach(CrdRulesTest::apply);
        KubernetesClientException refusal =
                catchThrowableOfType(
                        KubernetesClientException.class, () -> apply(documents.getLast()));
        assertThat(refusal).as("%s is accepted", file).isNotNull();
        assertThat(refusal.getStatus().getDetails()).as(refusal.getMessage()).isNotNull();

        String[] placeAndText =
                Files.readAllLines(file).getFirst().replaceFirst("^# ", "").split(": ", 2);
        return refusal.getStatus().getDetails().getCauses().stream()
                .filter(cause -> cause.getField().equals(placeAndText[0]))
                .filter(cause -> cause.getMessage().contains(placeAndText[1]))
                .findFirst()
                .orElseThrow(() -> new AssertionError(file + " is refused otherwise: " + refusal));
    }
}
