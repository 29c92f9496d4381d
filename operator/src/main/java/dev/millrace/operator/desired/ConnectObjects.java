package dev.millrace.operator.desired;

import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.plan.DatabasePlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.plan.TopicPlan;
import dev.millrace.pipeline.resource.ConnectSpec;
import dev.millrace.pipeline.resource.TableSpec.Engine;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecretVolumeSourceBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.strimzi.api.kafka.model.common.CertSecretSourceBuilder;
import io.strimzi.api.kafka.model.common.ClientTlsBuilder;
import io.strimzi.api.kafka.model.common.PasswordSecretSourceBuilder;
import io.strimzi.api.kafka.model.common.authentication.KafkaClientAuthenticationScramSha512Builder;
import io.strimzi.api.kafka.model.common.metrics.JmxPrometheusExporterMetricsBuilder;
import io.strimzi.api.kafka.model.common.template.AdditionalVolume;
import io.strimzi.api.kafka.model.common.template.AdditionalVolumeBuilder;
import io.strimzi.api.kafka.model.connect.KafkaConnect;
import io.strimzi.api.kafka.model.connect.KafkaConnectBuilder;
import io.strimzi.api.kafka.model.connect.build.Build;
import io.strimzi.api.kafka.model.connect.build.BuildBuilder;
import io.strimzi.api.kafka.model.connect.build.DockerOutputBuilder;
import io.strimzi.api.kafka.model.connect.build.MavenArtifactBuilder;
import io.strimzi.api.kafka.model.connect.build.Plugin;
import io.strimzi.api.kafka.model.connect.build.PluginBuilder;
import io.strimzi.api.kafka.model.connector.KafkaConnector;
import io.strimzi.api.kafka.model.connector.KafkaConnectorBuilder;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Kafka Connect with a connector for each database that tables are captured from, as Strimzi takes
 * them. Passwords are files in its pods, which connectors refer to.
 */
public final class ConnectObjects {
    /** The value of the component label, and the end of its names. */
    public static final String COMPONENT = "connect";

    private static final String METRICS_KEY = "connect-metrics.yaml";
    private static final String DEBEZIUM_GROUP = "io.debezium";
    private static final String DEBEZIUM_VERSION = "3.5.0.Final";
    private static final String FOLDER = "/mnt/";
    private static final String USER_VOLUME = "kafka-user";
    private static final String CA_VOLUME = "kafka-ca";

    private ConnectObjects() {}

    /** The name of the KafkaConnect, of its user and of its group. */
    public static String name(PipelineView view) {
        return view.name(COMPONENT);
    }

    /** The databases that are followed. */
    public static List<CapturedDatabase> databases(PipelineView view) {
        return CapturedDatabase.of(view.namespace(), view.plan());
    }

    /** Why it cannot be made; {@code null} where it can. */
    public static String obstacle(PipelineView view) {
        if (!view.hasKafka() && view.spec().kafka().external().secretRef() != null) {
            return "Kafka Connect is not made for a Kafka of yours with credentials: run Debezium yourself, and write topic instead of cdc";
        }
        if (image(view) == null && build(view) == null) {
            return "There is no image of Kafka Connect with Debezium: name one in spec.connect.image or in the chart's images.connect, or let Strimzi build one with spec.connect.build";
        }
        return null;
    }

    private static ConnectSpec spec(PipelineView view) {
        return view.spec().connect() == null
                ? new ConnectSpec(null, null, null, null)
                : view.spec().connect();
    }

    private static String image(PipelineView view) {
        ConnectSpec spec = spec(view);
        if (spec.image() != null || spec.build() != null) {
            return spec.image();
        }
        return view.images().connect() == null || view.images().connect().isBlank()
                ? null
                : view.images().connect();
    }

    private static Build build(PipelineView view) {
        ConnectSpec.BuildSpec spec = spec(view).build();
        if (spec == null) {
            return null;
        }
        return new BuildBuilder()
                .withOutput(
                        new DockerOutputBuilder()
                                .withImage(spec.image())
                                .withPushSecret(spec.pushSecret())
                                .build())
                .withPlugins(
                        databases(view).stream()
                                .map(database -> database.database().engine())
                                .distinct()
                                .sorted()
                                .map(ConnectObjects::plugin)
                                .toList())
                .build();
    }

    private static Plugin plugin(Engine engine) {
        String artifact =
                "debezium-connector-" + (engine == Engine.postgresql ? "postgres" : engine.name());
        return new PluginBuilder()
                .withName(artifact)
                .withArtifacts(
                        new MavenArtifactBuilder()
                                .withGroup(DEBEZIUM_GROUP)
                                .withArtifact(artifact)
                                .withVersion(DEBEZIUM_VERSION)
                                .build())
                .build();
    }

    /** The KafkaConnect. */
    public static KafkaConnect connect(PipelineView view) {
        ConnectSpec spec = spec(view);
        Map<String, Object> config = new TreeMap<>();
        config.put("config.providers", "directory");
        config.put(
                "config.providers.directory.class",
                "org.apache.kafka.common.config.provider.DirectoryConfigProvider");
        config.put("config.providers.directory.param.allowed.paths", "/mnt");
        config.put("offset.flush.interval.ms", 5_000);
        for (String topic : List.of("config", "offset", "status")) {
            config.put(topic + ".storage.replication.factor", -1);
        }
        KafkaConnectBuilder connect =
                new KafkaConnectBuilder()
                        .withMetadata(view.metadata(name(view), COMPONENT))
                        .editMetadata()
                        .addToAnnotations("strimzi.io/use-connector-resources", "true")
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(spec.replicas() == null ? 1 : spec.replicas())
                        .withImage(image(view))
                        .withBuild(build(view))
                        .withBootstrapServers(
                                view.hasKafka()
                                        ? KafkaObjects.bootstrap(view)
                                        : view.spec().kafka().external().bootstrapServers())
                        .withGroupId(name(view))
                        .withConfigStorageTopic(name(view) + "-configs")
                        .withOffsetStorageTopic(name(view) + "-offsets")
                        .withStatusStorageTopic(name(view) + "-status")
                        .withConfig(config)
                        .withResources(Resources.of(spec.resources(), "200m", "768Mi", "1Gi"))
                        .withMetricsConfig(
                                new JmxPrometheusExporterMetricsBuilder()
                                        .withNewValueFrom()
                                        .withConfigMapKeyRef(
                                                new ConfigMapKeySelector(
                                                        METRICS_KEY, metricsName(view), false))
                                        .endValueFrom()
                                        .build())
                        .withNewTemplate()
                        .withNewPod()
                        .withSecurityContext(
                                new PodSecurityContextBuilder()
                                        .withRunAsNonRoot(true)
                                        .withNewSeccompProfile()
                                        .withType("RuntimeDefault")
                                        .endSeccompProfile()
                                        .build())
                        .withVolumes(volumes(view))
                        .endPod()
                        .withNewConnectContainer()
                        .withSecurityContext(Security.container(false))
                        .withVolumeMounts(mounts(view))
                        .endConnectContainer()
                        .endTemplate()
                        .endSpec();
        if (view.hasKafka()) {
            connect.editSpec()
                    .withTls(
                            new ClientTlsBuilder()
                                    .withTrustedCertificates(
                                            new CertSecretSourceBuilder()
                                                    .withSecretName(KafkaObjects.caSecret(view))
                                                    .withCertificate("ca.crt")
                                                    .build())
                                    .build())
                    .withAuthentication(
                            new KafkaClientAuthenticationScramSha512Builder()
                                    .withUsername(name(view))
                                    .withPasswordSecret(
                                            new PasswordSecretSourceBuilder()
                                                    .withSecretName(name(view))
                                                    .withPassword("password")
                                                    .build())
                                    .build())
                    .endSpec();
        }
        return connect.build();
    }

    /** The Secrets that its pods have as folders, by the names of the volumes. */
    private static Map<String, String> secrets(PipelineView view) {
        Map<String, String> secrets = new LinkedHashMap<>();
        for (CapturedDatabase database : databases(view)) {
            secrets.putIfAbsent(volume(database), database.database().secret());
        }
        if (view.hasKafka() && databases(view).stream().anyMatch(CapturedDatabase::hasHistory)) {
            secrets.put(USER_VOLUME, name(view));
            secrets.put(CA_VOLUME, KafkaObjects.caSecret(view));
        }
        return secrets;
    }

    /** Names of volumes are short words, and those of Secrets need not be. */
    private static String volume(CapturedDatabase database) {
        return "database-" + Manifest.hash(database.database().secret());
    }

    private static List<AdditionalVolume> volumes(PipelineView view) {
        return secrets(view).entrySet().stream()
                .map(
                        secret ->
                                new AdditionalVolumeBuilder()
                                        .withName(secret.getKey())
                                        .withSecret(
                                                new SecretVolumeSourceBuilder()
                                                        .withSecretName(secret.getValue())
                                                        .build())
                                        .build())
                .toList();
    }

    private static List<VolumeMount> mounts(PipelineView view) {
        return secrets(view).keySet().stream()
                .map(
                        name ->
                                new VolumeMountBuilder()
                                        .withName(name)
                                        .withMountPath(FOLDER + name)
                                        .withReadOnly(true)
                                        .build())
                .toList();
    }

    /**
     * The connectors by name, one for each database whose topics are there.
     *
     * @param topics the unique ids of the KafkaTopics that are there, by name
     */
    public static Map<String, KafkaConnector> connectors(
            PipelineView view, Map<String, String> topics) {
        Map<String, KafkaConnector> connectors = new LinkedHashMap<>();
        for (CapturedDatabase database : databases(view)) {
            connectorName(view, database, topics)
                    .ifPresent(name -> connectors.put(name, connector(view, database, name)));
        }
        return connectors;
    }

    /**
     * The name of a connector. Kafka Connect keeps by it how far a database was read, also when the
     * connector goes; so it is another one where a topic of it is not the one that it has written,
     * and all rows are read again.
     *
     * @param topics the unique ids of the KafkaTopics that are there, by name
     * @return empty until its topics are there
     */
    public static Optional<String> connectorName(
            PipelineView view, CapturedDatabase database, Map<String, String> topics) {
        if (!view.hasKafka()) {
            return Optional.of(database.connector());
        }
        StringBuilder made = new StringBuilder();
        for (String topic : written(database)) {
            String uid = topics.get(KafkaObjects.topicName(view, topic));
            if (uid == null) {
                return Optional.empty();
            }
            made.append(uid).append('\n');
        }
        return Optional.of(
                database.connector() + "-" + Manifest.hash(made.toString()).substring(0, 6));
    }

    /**
     * Whether the topics of all databases are there, so that all connectors have their names.
     *
     * @param topics the unique ids of the KafkaTopics that are there, by name
     */
    public static boolean isEachNamed(PipelineView view, Map<String, String> topics) {
        return databases(view).stream()
                .allMatch(database -> connectorName(view, database, topics).isPresent());
    }

    private static List<String> written(CapturedDatabase database) {
        List<String> topics = new ArrayList<>();
        database.tables().forEach(table -> topics.add(table.topic().name()));
        if (database.hasHistory()) {
            topics.add(database.historyTopic());
        }
        return topics;
    }

    private static KafkaConnector connector(
            PipelineView view, CapturedDatabase database, String name) {
        Map<String, String> settings =
                database.settings(
                        reference(volume(database), "username"),
                        reference(volume(database), "password"));
        if (database.hasHistory()) {
            history(settings, view, database);
        }
        String type = settings.remove("connector.class");
        settings.remove("tasks.max");
        KafkaConnector connector =
                new KafkaConnectorBuilder()
                        .withMetadata(view.metadata(name, COMPONENT))
                        .withNewSpec()
                        .withClassName(type)
                        .withTasksMax(1)
                        .withConfig(new TreeMap<>(settings))
                        .withNewAutoRestart()
                        .withEnabled(true)
                        .endAutoRestart()
                        .endSpec()
                        .build();
        connector.getMetadata().getLabels().put("strimzi.io/cluster", name(view));
        return connector;
    }

    private static String reference(String volume, String key) {
        return "${directory:" + FOLDER + volume + ":" + key + "}";
    }

    /** Debezium remembers in a topic how tables were made, and is a client of Kafka for that. */
    private static void history(
            Map<String, String> settings, PipelineView view, CapturedDatabase database) {
        String prefix = "schema.history.internal.";
        settings.put(prefix + "kafka.topic", database.historyTopic());
        settings.put(
                prefix + "kafka.bootstrap.servers",
                view.hasKafka()
                        ? KafkaObjects.bootstrap(view)
                        : view.spec().kafka().external().bootstrapServers());
        settings.put(prefix + "consumer.group.id", name(view) + "-history");
        if (!view.hasKafka()) {
            return;
        }
        for (String side : List.of("producer.", "consumer.")) {
            settings.put(prefix + side + "security.protocol", "SASL_SSL");
            settings.put(prefix + side + "sasl.mechanism", "SCRAM-SHA-512");
            settings.put(
                    prefix + side + "sasl.jaas.config", reference(USER_VOLUME, "sasl.jaas.config"));
            settings.put(prefix + side + "ssl.truststore.type", "PEM");
            settings.put(prefix + side + "ssl.truststore.location", FOLDER + CA_VOLUME + "/ca.crt");
        }
    }

    /** The topics of its own. */
    static List<TopicPlan> topics(PipelineView view) {
        List<TopicPlan> topics = new ArrayList<>();
        if (databases(view).isEmpty()) {
            return topics;
        }
        for (Map.Entry<String, Integer> topic :
                new TreeMap<>(Map.of("configs", 1, "offsets", 5, "status", 1)).entrySet()) {
            topics.add(
                    new TopicPlan(
                            name(view) + "-" + topic.getKey(),
                            false,
                            topic.getValue(),
                            1,
                            Duration.ofDays(1),
                            TopicPlan.Content.ROWS));
        }
        for (CapturedDatabase database : databases(view)) {
            if (database.hasHistory()) {
                topics.add(
                        new TopicPlan(
                                database.historyTopic(),
                                false,
                                1,
                                1,
                                // for ever
                                Duration.ofMillis(-1),
                                TopicPlan.Content.DERIVED));
            }
        }
        return topics;
    }

    /** The ports of databases that it goes to. */
    static List<Integer> ports(PipelineView view) {
        return databases(view).stream()
                .map(CapturedDatabase::database)
                .map(DatabasePlan::port)
                .distinct()
                .sorted()
                .toList();
    }

    /** The labels of its pods, as Strimzi gives them. */
    static Map<String, String> pods(PipelineView view) {
        return Map.of("strimzi.io/cluster", name(view), "strimzi.io/kind", "KafkaConnect");
    }

    /** The tables that it writes. */
    static List<TablePlan> tables(PipelineView view) {
        return databases(view).stream().flatMap(each -> each.tables().stream()).toList();
    }

    private static String metricsName(PipelineView view) {
        return view.name("connect-metrics");
    }

    /** What its metrics are called. */
    public static ConfigMap metrics(PipelineView view) {
        return new ConfigMapBuilder()
                .withMetadata(view.metadata(metricsName(view), COMPONENT))
                .withData(Map.of(METRICS_KEY, JmxRules.CONNECT))
                .build();
    }
}
