package dev.millrace.operator.desired;

import dev.millrace.pipeline.plan.TopicPlan;
import dev.millrace.pipeline.resource.KafkaSpec;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.strimzi.api.kafka.model.common.metrics.JmxPrometheusExporterMetricsBuilder;
import io.strimzi.api.kafka.model.common.template.ContainerEnvVarBuilder;
import io.strimzi.api.kafka.model.kafka.JbodStorageBuilder;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.KafkaAuthorizationSimple;
import io.strimzi.api.kafka.model.kafka.KafkaBuilder;
import io.strimzi.api.kafka.model.kafka.KafkaResources;
import io.strimzi.api.kafka.model.kafka.PersistentClaimStorageBuilder;
import io.strimzi.api.kafka.model.kafka.listener.GenericKafkaListener;
import io.strimzi.api.kafka.model.kafka.listener.GenericKafkaListenerBuilder;
import io.strimzi.api.kafka.model.kafka.listener.KafkaListenerAuthenticationScramSha512;
import io.strimzi.api.kafka.model.kafka.listener.KafkaListenerType;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePoolBuilder;
import io.strimzi.api.kafka.model.nodepool.ProcessRoles;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.topic.KafkaTopicBuilder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The broker that is made for a pipeline, as Strimzi takes it. */
public final class KafkaObjects {
    /** The value of the component label. */
    public static final String COMPONENT = "kafka";

    /** The port of the listener with TLS and passwords. */
    public static final int PORT = 9093;

    private static final String CLUSTER_LABEL = "strimzi.io/cluster";
    private static final String METRICS_KEY = "kafka-metrics.yaml";
    private static final int LONGEST_NAME = 253;

    private KafkaObjects() {}

    /** The name of the Kafka. */
    public static String cluster(PipelineView view) {
        return view.name(COMPONENT);
    }

    /** Where its clients begin. */
    public static String bootstrap(PipelineView view) {
        return KafkaResources.bootstrapServiceName(cluster(view)) + ":" + PORT;
    }

    /** The Secret with the certificate that clients trust. */
    public static String caSecret(PipelineView view) {
        return KafkaResources.clusterCaCertificateSecretName(cluster(view));
    }

    private static String metricsName(PipelineView view) {
        return view.name("kafka-metrics");
    }

    /** The Kafka: one listener with TLS and passwords, and ACLs. */
    public static Kafka kafka(PipelineView view) {
        KafkaSpec spec = view.spec().kafka();
        int replicas = replicas(view);
        int copies = Math.min(3, replicas);
        Map<String, Object> config = new TreeMap<>();
        config.put("auto.create.topics.enable", false);
        config.put("default.replication.factor", copies);
        config.put("min.insync.replicas", Math.max(1, copies - 1));
        config.put("offsets.topic.replication.factor", copies);
        config.put("transaction.state.log.replication.factor", copies);
        config.put("transaction.state.log.min.isr", Math.max(1, copies - 1));
        return new KafkaBuilder()
                .withMetadata(view.metadata(cluster(view), COMPONENT))
                .withNewSpec()
                .withNewKafka()
                .withVersion(spec == null ? null : spec.version())
                .withListeners(listener(view))
                .withAuthorization(new KafkaAuthorizationSimple())
                .withConfig(config)
                .withMetricsConfig(
                        new JmxPrometheusExporterMetricsBuilder()
                                .withNewValueFrom()
                                .withConfigMapKeyRef(
                                        new ConfigMapKeySelector(
                                                METRICS_KEY, metricsName(view), false))
                                .endValueFrom()
                                .build())
                .endKafka()
                .withNewEntityOperator()
                .withNewTopicOperator()
                .withResources(Resources.of(null, "50m", "256Mi", "384Mi"))
                .endTopicOperator()
                .withNewUserOperator()
                .withResources(Resources.of(null, "50m", "256Mi", "384Mi"))
                .endUserOperator()
                .withNewTemplate()
                .withNewTopicOperatorContainer()
                // topics with finalizers hang for ever when their Kafka goes with them
                .withEnv(
                        new ContainerEnvVarBuilder()
                                .withName("STRIMZI_USE_FINALIZERS")
                                .withValue("false")
                                .build())
                .endTopicOperatorContainer()
                .endTemplate()
                .endEntityOperator()
                .endSpec()
                .build();
    }

    private static int replicas(PipelineView view) {
        KafkaSpec spec = view.spec().kafka();
        return spec == null || spec.replicas() == null ? 1 : spec.replicas();
    }

    private static GenericKafkaListener listener(PipelineView view) {
        GenericKafkaListenerBuilder listener =
                new GenericKafkaListenerBuilder()
                        .withName("tls")
                        .withPort(PORT)
                        .withType(KafkaListenerType.INTERNAL)
                        .withTls(true)
                        .withAuth(new KafkaListenerAuthenticationScramSha512());
        if (view.hasNetworkPolicies()) {
            List<Map<String, String>> clients = new ArrayList<>();
            view.workloads().stream()
                    .filter(view::usesKafka)
                    .forEach(workload -> clients.add(view.selector(workload.text())));
            if (view.captures()) {
                clients.add(ConnectObjects.pods(view));
            }
            clients.add(Map.of(PipelineView.CLIENT_LABEL, view.name()));
            listener.withNetworkPolicyPeers(
                    clients.stream()
                            .map(
                                    labels ->
                                            new NetworkPolicyPeerBuilder()
                                                    .withNewPodSelector()
                                                    .withMatchLabels(labels)
                                                    .endPodSelector()
                                                    .build())
                            .toList());
        }
        return listener.build();
    }

    /** Its brokers, which are its controllers as well. */
    public static KafkaNodePool brokers(PipelineView view) {
        KafkaSpec spec = view.spec().kafka();
        KafkaNodePool pool =
                new KafkaNodePoolBuilder()
                        .withMetadata(view.metadata(view.name("brokers"), COMPONENT))
                        .withNewSpec()
                        .withReplicas(replicas(view))
                        .withRoles(ProcessRoles.CONTROLLER, ProcessRoles.BROKER)
                        .withStorage(
                                new JbodStorageBuilder()
                                        .withVolumes(
                                                new PersistentClaimStorageBuilder()
                                                        .withId(0)
                                                        .withSize(
                                                                DataVolume.size(
                                                                        spec == null
                                                                                ? null
                                                                                : spec.storage(),
                                                                        "10Gi"))
                                                        .withStorageClass(
                                                                spec == null
                                                                                || spec.storage()
                                                                                        == null
                                                                        ? null
                                                                        : spec.storage()
                                                                                .storageClass())
                                                        .withDeleteClaim(!view.retainsData())
                                                        .build())
                                        .build())
                        .withResources(
                                Resources.of(
                                        spec == null ? null : spec.resources(),
                                        "250m",
                                        "1Gi",
                                        "1Gi"))
                        .endSpec()
                        .build();
        belongs(pool.getMetadata().getLabels(), view);
        return pool;
    }

    /** What its metrics are called: what the alerts and dashboards need, and no more. */
    public static ConfigMap metrics(PipelineView view) {
        return new ConfigMapBuilder()
                .withMetadata(view.metadata(metricsName(view), COMPONENT))
                .withData(Map.of(METRICS_KEY, JmxRules.TEXT))
                .build();
    }

    /** The topics, except those that are somebody else's, by the names of their objects. */
    public static Map<String, KafkaTopic> topics(PipelineView view) {
        Map<String, KafkaTopic> topics = new LinkedHashMap<>();
        List<TopicPlan> all = new ArrayList<>(view.plan().topics().values());
        all.addAll(view.plan().tableTopics().values());
        all.addAll(view.plan().statsTopics().values());
        all.addAll(ConnectObjects.topics(view));
        for (TopicPlan topic : all) {
            if (!topic.existing()) {
                KafkaTopic object = topic(view, topic);
                topics.put(object.getMetadata().getName(), object);
            }
        }
        return topics;
    }

    private static KafkaTopic topic(PipelineView view, TopicPlan topic) {
        KafkaTopic object =
                new KafkaTopicBuilder()
                        .withMetadata(view.metadata(topicName(view, topic.name()), COMPONENT))
                        .withNewSpec()
                        .withTopicName(topic.name())
                        .withPartitions(topic.partitions())
                        .withReplicas(topic.replicas())
                        .withConfig(config(topic))
                        .endSpec()
                        .build();
        belongs(object.getMetadata().getLabels(), view);
        return object;
    }

    private static Map<String, Object> config(TopicPlan topic) {
        Map<String, Object> config = topic.settings();
        // as they are read from JSON: else they differ from what is there, and are written each
        // time
        config.replaceAll(
                (_, value) ->
                        value instanceof Long number && number == number.intValue()
                                ? (Object) number.intValue()
                                : value);
        return config;
    }

    /** Topics may have names that objects may not; a hash tells apart what then looks the same. */
    static String topicName(PipelineView view, String topic) {
        String name = topic.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
        String full = topic.startsWith(view.name() + "-") ? name : view.name(name);
        boolean isPlain = name.equals(topic) && full.length() <= LONGEST_NAME;
        String cut = full.substring(0, Math.min(full.length(), LONGEST_NAME - 20));
        String trimmed = cut.replaceAll("[.-]+$", "");
        return isPlain && !full.endsWith(".") && !full.endsWith("-")
                ? full
                : trimmed + "-" + Manifest.hash(topic);
    }

    /** Tells Strimzi which Kafka it is for. */
    static void belongs(Map<String, String> labels, PipelineView view) {
        labels.put(CLUSTER_LABEL, cluster(view));
    }
}
