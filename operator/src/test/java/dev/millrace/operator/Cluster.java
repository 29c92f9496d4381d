package dev.millrace.operator;

import static org.awaitility.Awaitility.await;

import dev.millrace.operator.config.OperatorConfiguration;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.Operator;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/**
 * A cluster as the operator sees it: the API server, the operator itself with the rights that the
 * chart gives it, and a test that plays Strimzi's and Kubernetes' own controllers.
 */
final class Cluster implements AutoCloseable {
    /** What the operator makes, as API version and kind. */
    static final List<List<String>> KINDS =
            List.of(
                    List.of("v1", "ConfigMap"),
                    List.of("v1", "PersistentVolumeClaim"),
                    List.of("v1", "Secret"),
                    List.of("v1", "Service"),
                    List.of("v1", "ServiceAccount"),
                    List.of("apps/v1", "Deployment"),
                    List.of("apps/v1", "StatefulSet"),
                    List.of("autoscaling/v2", "HorizontalPodAutoscaler"),
                    List.of("gateway.networking.k8s.io/v1", "HTTPRoute"),
                    List.of("kafka.strimzi.io/v1", "Kafka"),
                    List.of("kafka.strimzi.io/v1", "KafkaNodePool"),
                    List.of("kafka.strimzi.io/v1", "KafkaTopic"),
                    List.of("kafka.strimzi.io/v1", "KafkaUser"),
                    List.of("kafka.strimzi.io/v1", "KafkaConnect"),
                    List.of("kafka.strimzi.io/v1", "KafkaConnector"),
                    List.of("monitoring.coreos.com/v1", "PodMonitor"),
                    List.of("monitoring.coreos.com/v1", "PrometheusRule"),
                    List.of("networking.k8s.io/v1", "Ingress"),
                    List.of("networking.k8s.io/v1", "NetworkPolicy"),
                    List.of("policy/v1", "PodDisruptionBudget"));

    private static final Path RENDERED_CHART = Path.of("../helm/tests/defaults/expected.yaml");
    private static final Set<String> RIGHTS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    static final String OPERATOR_NAMESPACE = "millrace-system";
    private static final String ACCOUNT = "millrace-operator";
    private static final int CONFLICTS = 5;

    private static Cluster running;

    private final PipelineApis apis = new PipelineApis();
    private final Refusals refusals = new Refusals();
    private final KubernetesClient admin;
    private ConfigurableApplicationContext operator;

    /** Stops the operator after all tests. */
    static final class StoppedInTheEnd implements BeforeAllCallback {
        @Override
        public void beforeAll(ExtensionContext context) {
            context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(Cluster.class, _ -> running());
        }
    }

    /** The cluster, with an operator that runs; one for all tests of this JVM. */
    static synchronized Cluster running() {
        if (running == null) {
            running = new Cluster();
        }
        if (running.operator == null) {
            running.startOperator();
        }
        return running;
    }

    /** Has no operator look at pipelines while a test has them for itself. */
    static synchronized void withoutOperator() {
        if (running != null) {
            running.stopOperator();
        }
    }

    private Cluster() {
        ApiServer server =
                ApiServer.running().withPipelines().withStrimzi().withRoutesAndMonitoring();
        admin = server.admin();
        admin.resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(OPERATOR_NAMESPACE)
                                .endMetadata()
                                .build())
                .serverSideApply();
        Pipelines.read(RENDERED_CHART).stream()
                .filter(object -> RIGHTS.contains(object.getKind()))
                .forEach(object -> admin.resource(object).serverSideApply());
    }

    /**
     * Starts the operator as it is shipped, but for whom the API server sees in it, and whom it
     * sees as the APIs of pipelines.
     *
     * @param properties settings, as {@code NAME=VALUE}
     */
    void startOperator(String... properties) {
        operator =
                new SpringApplicationBuilder(Main.class)
                        .web(WebApplicationType.NONE)
                        .properties(
                                "spring.main.register-shutdown-hook=false",
                                "millrace.proof.every=500ms",
                                "millrace.proof.address=" + apis.address())
                        .properties(properties)
                        .initializers(
                                (GenericApplicationContext context) ->
                                        context.registerBean(
                                                "account",
                                                KubernetesClient.class,
                                                this::asOperator,
                                                bean -> bean.setPrimary(true)))
                        .run();
        // it starts beside the process, and then first lists all that is there
        await().atMost(Duration.ofSeconds(180))
                .until(() -> operator.getBean(Operator.class).getRuntimeInfo().isStarted());
    }

    private KubernetesClient asOperator() {
        return ApiServer.running()
                .as(
                        "system:serviceaccount:" + OPERATOR_NAMESPACE + ":" + ACCOUNT,
                        "system:serviceaccounts",
                        "system:serviceaccounts:" + OPERATOR_NAMESPACE,
                        "system:authenticated")
                .withKubernetesSerialization(OperatorConfiguration.serialization())
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("refusals", refusals))
                .build();
    }

    /** Has the API server refuse the operator's next request whose path ends like this, once. */
    void refuseOnce(String path) {
        refusals.next.set(path);
    }

    /** Whether what was to be refused has been. */
    boolean isRefused() {
        return refusals.next.get() == null;
    }

    /** Sends a request as somebody who may nothing. */
    private static final class Refusals implements Interceptor {
        private final AtomicReference<String> next = new AtomicReference<>();

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            String path = next.get();
            if (path != null
                    && request.uri().getPath().endsWith(path)
                    && next.compareAndSet(path, null)) {
                builder.setHeader("Impersonate-User", "nobody");
            }
        }
    }

    void stopOperator() {
        if (operator != null) {
            operator.close();
            operator = null;
        }
    }

    KubernetesClient client() {
        return admin;
    }

    /** What the APIs of pipelines answer. */
    PipelineApis apis() {
        return apis;
    }

    /** All objects of a pipeline, by {@code KIND/NAME}. */
    Map<String, GenericKubernetesResource> objectsOf(String namespace, String pipeline) {
        Map<String, GenericKubernetesResource> objects = new TreeMap<>();
        for (List<String> kind : KINDS) {
            admin.genericKubernetesResources(kind.get(0), kind.get(1))
                    .inNamespace(namespace)
                    .withLabel("millrace.dev/pipeline", pipeline)
                    .list()
                    .getItems()
                    .forEach(
                            object ->
                                    objects.put(
                                            kind.get(1) + "/" + object.getMetadata().getName(),
                                            object));
        }
        return objects;
    }

    /** Has everything that is there say of itself that it is ready, as its controllers would. */
    void makeReady(String namespace, String pipeline) {
        objectsOf(namespace, pipeline).values().forEach(this::makeReady);
    }

    /** Says of an object what its controller would once it is ready. */
    void makeReady(GenericKubernetesResource object) {
        long generation = generation(object);
        Map<String, Object> status =
                switch (object.getKind()) {
                    case "Kafka", "KafkaConnect", "KafkaTopic", "KafkaUser" ->
                            Map.of(
                                    "observedGeneration",
                                    generation,
                                    "conditions",
                                    List.of(Map.of("type", "Ready", "status", "True")));
                    case "StatefulSet" ->
                            Map.of(
                                    "observedGeneration", generation,
                                    "replicas", 1,
                                    "readyReplicas", 1,
                                    "updatedReplicas", 1,
                                    "availableReplicas", 1);
                    case "Deployment" -> {
                        int replicas = object.get("spec", "replicas");
                        yield Map.of(
                                "observedGeneration", generation,
                                "replicas", replicas,
                                "readyReplicas", replicas,
                                "updatedReplicas", replicas,
                                "availableReplicas", replicas);
                    }
                    default -> Map.of();
                };
        if (!status.isEmpty() && !status.equals(object.get("status"))) {
            setStatus(object, status);
        }
    }

    private static long generation(GenericKubernetesResource object) {
        Long generation = object.getMetadata().getGeneration();
        return generation == null ? 0 : generation;
    }

    /** Sets the status of an object, as its controller would. */
    void setStatus(GenericKubernetesResource object, Map<String, Object> status) {
        for (int left = CONFLICTS; ; left--) {
            try {
                GenericKubernetesResource there = admin.resource(object).get();
                if (there == null) {
                    // the operator has taken it away meanwhile
                    return;
                }
                there.setAdditionalProperty("status", status);
                admin.resource(there).updateStatus();
                return;
            } catch (KubernetesClientException e) {
                // the operator may write in between
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || left == 0) {
                    throw e;
                }
            }
        }
    }

    /** Changes an object, as a person would with {@code kubectl edit}. */
    GenericKubernetesResource edit(
            GenericKubernetesResource object, UnaryOperator<GenericKubernetesResource> change) {
        return admin.resource(object).edit(change);
    }

    @Override
    public void close() {
        stopOperator();
    }
}
