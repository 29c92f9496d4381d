package dev.millrace.operator.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.config.OperatorSettings.Images;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.PlanCompiler;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is made of a pipeline, as YAML: each folder holds a pipeline and what is expected of it. The
 * first, {@code defaults}, holds every object; the others only those that differ from it.
 */
class DesiredStateTest {
    private static final Path CASES = Path.of("src/test/resources/desired");
    private static final String IN = "in.yaml";
    private static final String OUT = "out.yaml";
    private static final boolean WRITE = Boolean.getBoolean("millrace.golden.write");
    private static final String DEFAULTS = "defaults";
    private static final Images IMAGES =
            new Images(
                    "millrace/producer:1",
                    "millrace/enricher:1",
                    "millrace/processor:1",
                    "millrace/audit:1",
                    "millrace/api:1",
                    "redis:8",
                    "mongo:8",
                    "apicurio/apicurio-registry:3",
                    "millrace/connect:1",
                    "IfNotPresent");

    static List<String> cases() throws IOException {
        try (Stream<Path> folders = Files.list(CASES)) {
            return folders.map(folder -> folder.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAsWritten(String name) throws IOException {
        Map<String, String> objects = yaml(name);
        String gone = "";
        if (!name.equals(DEFAULTS)) {
            Map<String, String> defaults = yaml(DEFAULTS);
            gone =
                    defaults.keySet().stream()
                            .filter(object -> !objects.containsKey(object))
                            .map(object -> "# without " + object + "\n")
                            .collect(Collectors.joining());
            objects.entrySet().removeAll(defaults.entrySet());
        }
        String text = gone + String.join("", objects.values());
        Path out = CASES.resolve(name).resolve(OUT);
        if (WRITE) {
            Files.writeString(out, text);
        }
        assertThat(text)
                .as("make it anew with -Dmillrace.golden.write=true, and read what changed")
                .isEqualTo(Files.readString(out));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void podsRunWhatIsDeclared(String name) {
        PipelineView view = view(name);
        Plan read =
                ManifestReader.parse(name, Manifest.configMap(view).getData().get(Manifest.FILE));
        assertThat(read)
                .usingRecursiveComparison()
                .comparingOnlyFields(
                        "title",
                        "live",
                        "clock",
                        "audit",
                        "history",
                        "sinks.name",
                        "sinks.url",
                        "stats.groups",
                        "stats.every",
                        "monitoring",
                        "panels",
                        "fingerprint")
                .isEqualTo(view.plan());
    }

    @Test
    void everyFileIsUsed() throws IOException {
        for (String name : cases()) {
            try (Stream<Path> files = Files.list(CASES.resolve(name))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .as(name)
                        .containsExactlyInAnyOrder(IN, OUT);
            }
        }
    }

    @Test
    void passwordsAreLongAndNeverTheSame() {
        PipelineView view = view(DEFAULTS);
        assertThat(password(Credentials.redis(view)))
                .hasSizeGreaterThanOrEqualTo(32)
                .isNotEqualTo(password(Credentials.redis(view)));
        assertThat(password(Credentials.mongo(view)))
                .hasSizeGreaterThanOrEqualTo(32)
                .matches("[A-Za-z0-9]+")
                .isNotEqualTo(password(Credentials.mongo(view)));
    }

    private static String password(Secret secret) {
        return new String(java.util.Base64.getDecoder().decode(secret.getData().get("password")));
    }

    private static PipelineView view(String name) {
        try {
            AnalyticsPipeline pipeline =
                    Serialization.unmarshal(
                            Files.readString(CASES.resolve(name).resolve(IN)),
                            AnalyticsPipeline.class);
            pipeline.getMetadata().setNamespace("shop");
            return new PipelineView(
                    pipeline,
                    PlanCompiler.compile(pipeline.getMetadata().getName(), pipeline.getSpec()),
                    IMAGES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each object's document by kind and name. */
    private static Map<String, String> yaml(String name) {
        Map<String, String> documents = new TreeMap<>();
        for (HasMetadata object : objects(view(name))) {
            String document =
                    Serialization.asYaml(
                            sorted(new KubernetesSerialization().convertValue(object, Map.class)));
            documents.put(object.getKind() + " " + object.getMetadata().getName(), document);
        }
        return documents;
    }

    /** The order of settings is nothing to Kubernetes, and not always the same. */
    private static Object sorted(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, setting) -> sorted.put(key.toString(), sorted(setting)));
            return sorted;
        }
        return value instanceof List<?> list
                ? list.stream().map(DesiredStateTest::sorted).toList()
                : value;
    }

    private static List<HasMetadata> objects(PipelineView view) {
        List<HasMetadata> objects = new ArrayList<>();
        objects.add(Manifest.configMap(view));
        objects.add(Access.serviceAccount(view));
        objects.addAll(NetworkPolicies.of(view).values());
        if (view.hasKafka()) {
            objects.add(KafkaObjects.metrics(view));
            objects.add(KafkaObjects.kafka(view));
            objects.add(KafkaObjects.brokers(view));
            objects.addAll(KafkaObjects.topics(view).values());
            objects.addAll(KafkaUsers.of(view).values());
        }
        if (view.captures()) {
            objects.add(ConnectObjects.metrics(view));
            objects.add(ConnectObjects.connect(view));
            objects.addAll(ConnectObjects.connectors(view, there(view)).values());
        }
        Secret redis = redacted(Credentials.redis(view));
        Secret mongo = redacted(Credentials.mongo(view));
        if (view.hasRedis()) {
            objects.add(redis);
            objects.add(RedisObjects.config(view));
            objects.add(RedisObjects.claim(view));
            objects.add(RedisObjects.service(view));
            objects.add(RedisObjects.server(view, redis));
        }
        if (view.hasMongo()) {
            objects.add(mongo);
            objects.add(MongoObjects.claim(view));
            objects.add(MongoObjects.service(view));
            objects.add(MongoObjects.server(view, mongo));
        }
        if (view.hasRegistry()) {
            objects.add(RegistryObjects.claim(view));
            objects.add(RegistryObjects.service(view));
            objects.add(RegistryObjects.server(view));
        }
        for (Workload workload : view.workloads()) {
            List<Secret> secrets = new ArrayList<>();
            if (workload.usesRedis() && view.hasRedis()) {
                secrets.add(redis);
            }
            if (workload.usesMongo() && view.hasMongo()) {
                secrets.add(mongo);
            }
            objects.add(WorkloadDeployment.of(view, workload, secrets));
        }
        objects.add(Access.service(view, Workload.PRODUCER));
        objects.add(Access.service(view, Workload.API));
        objects.addAll(Scaling.autoscalers(view).values());
        objects.addAll(Scaling.budgets(view).values());
        if (Access.hasIngress(view)) {
            objects.add(Access.ingress(view));
        }
        if (Access.hasRoute(view)) {
            objects.add(Access.route(view));
        }
        objects.addAll(Monitoring.podMonitors(view).values());
        if (view.isMonitored()) {
            objects.add(Monitoring.alerts(view));
        }
        return objects;
    }

    private static Secret redacted(Secret secret) {
        return new SecretBuilder(secret)
                .withData(
                        secret.getData().keySet().stream()
                                .collect(
                                        Collectors.toMap(
                                                key -> key, key -> "", (a, b) -> a, TreeMap::new)))
                .build();
    }

    /** Topics as they are there once they were made, with ids. */
    private static Map<String, String> there(PipelineView view) {
        return KafkaObjects.topics(view).keySet().stream()
                .collect(Collectors.toMap(name -> name, name -> "id of " + name));
    }
}
