package dev.millrace.operator.desired;

import dev.millrace.pipeline.plan.SinkPlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.resource.WorkloadSpec;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The Deployment of a workload. */
public final class WorkloadDeployment {
    /** What of the manifest the pods run with. */
    public static final String MANIFEST_HASH = "millrace.dev/manifest-hash";

    /** Which passwords the pods run with. */
    public static final String SECRET_HASH = "millrace.dev/secret-hash";

    /** The name of the port that serves everything. */
    public static final String PORT_NAME = "http";

    private static final List<String> CREDENTIALS = List.of("username", "password", "token");
    private static final String REGISTRY = "MILLRACE_SCHEMA_REGISTRY_";
    private static final int PORT = 8080;
    private static final long USER = 10001;
    private static final long DRAIN_SECONDS = 5;
    private static final String MANIFEST_FOLDER = "/etc/millrace";
    private static final String CA_FOLDER = "/etc/millrace-kafka-ca";
    private static final String TABLES_FOLDER = "/etc/millrace-tables";
    private static final String SETTINGS_FOLDER = "/etc/millrace-kafka";

    private final PipelineView view;
    private final Workload workload;
    private final WorkloadSpec spec;
    private final List<EnvVar> environment = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<VolumeMount> mounts = new ArrayList<>();

    private WorkloadDeployment(PipelineView view, Workload workload) {
        this.view = view;
        this.workload = workload;
        this.spec = workload.spec(view.spec());
    }

    /**
     * The Deployment.
     *
     * @param secrets the Secrets of managed stores that it uses; {@code null} among them where one
     *     is not there yet
     */
    public static Deployment of(PipelineView view, Workload workload, List<Secret> secrets) {
        return new WorkloadDeployment(view, workload).build(secrets);
    }

    private Deployment build(List<Secret> secrets) {
        String component = workload.text();
        return new DeploymentBuilder()
                .withMetadata(view.metadata(view.name(workload), component))
                .withNewSpec()
                .withReplicas(replicas())
                .withNewSelector()
                .withMatchLabels(view.selector(component))
                .endSelector()
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                // a consumer more would take partitions away, only to give them back at once
                .withMaxSurge(new IntOrString(consumes() ? 0 : 1))
                .withMaxUnavailable(new IntOrString(consumes() ? 1 : 0))
                .endRollingUpdate()
                .endStrategy()
                .withRevisionHistoryLimit(3)
                .withTemplate(PodTemplateOverlay.apply(template(secrets), spec.podTemplate()))
                .endSpec()
                .build();
    }

    /** Absent where an autoscaler decides. */
    private Integer replicas() {
        if (spec.autoscaling() != null) {
            return null;
        }
        return spec.replicas() == null ? 1 : spec.replicas();
    }

    private PodTemplateSpec template(List<Secret> secrets) {
        settings();
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(MANIFEST_HASH, Manifest.hash(view, workload));
        if (!secrets.isEmpty()) {
            annotations.put(
                    SECRET_HASH,
                    String.join("-", secrets.stream().map(Credentials::hash).toList()));
        }
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(view.labels(workload.text()))
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(Access.serviceAccountName(view))
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(60L)
                .withSecurityContext(Security.pod(USER))
                .addNewTopologySpreadConstraint()
                .withMaxSkew(1)
                .withTopologyKey("kubernetes.io/hostname")
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(view.selector(workload.text()))
                .endLabelSelector()
                .endTopologySpreadConstraint()
                .addNewContainer()
                .withName(workload.text())
                .withImage(view.image(workload))
                .withImagePullPolicy(view.images().pullPolicy())
                .withEnv(environment)
                .addNewPort()
                .withName(PORT_NAME)
                .withContainerPort(PORT)
                .withProtocol("TCP")
                .endPort()
                .withResources(Resources.of(spec.resources(), "100m", "320Mi", "512Mi"))
                .withSecurityContext(Security.container(true))
                .withStartupProbe(probe("startup", 2, 90))
                .withReadinessProbe(probe("readiness", 5, 3))
                .withLivenessProbe(probe("liveness", 10, 6))
                .withLifecycle(consumes() ? null : drain())
                .withVolumeMounts(mounts)
                .endContainer()
                .withVolumes(volumes)
                .endSpec()
                .build();
    }

    private boolean consumes() {
        return workload != Workload.PRODUCER && workload != Workload.API;
    }

    /** Time for everybody to hear that requests go elsewhere, before no more are taken. */
    private static Lifecycle drain() {
        return new LifecycleBuilder()
                .withNewPreStop()
                .withNewSleep(DRAIN_SECONDS)
                .endPreStop()
                .build();
    }

    private static Probe probe(String group, int seconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath("/actuator/health/" + group)
                .withPort(new IntOrString(PORT_NAME))
                .withScheme("HTTP")
                .endHttpGet()
                .withPeriodSeconds(seconds)
                .withTimeoutSeconds(5)
                .withFailureThreshold(failures)
                .build();
    }

    private void settings() {
        environment("MILLRACE_PIPELINE", MANIFEST_FOLDER + "/" + Manifest.FILE);
        environment("MILLRACE_LOG_FORMAT", "json");
        environment("SERVER_PORT", Integer.toString(PORT));
        volume(
                new VolumeBuilder()
                        .withName("manifest")
                        .withNewConfigMap()
                        .withName(Manifest.name(view))
                        .endConfigMap(),
                MANIFEST_FOLDER,
                true);
        volume(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir(), "/tmp", false);
        if (workload == Workload.ENRICHER) {
            tables();
        }
        if (view.usesKafka(workload)) {
            kafka();
        }
        if (workload.usesRedis()) {
            String secret =
                    view.hasRedis()
                            ? RedisObjects.name(view)
                            : view.spec().redis().external().uriSecretRef();
            environment("REDIS_URL", secret, Credentials.URI);
        }
        if (workload.usesMongo()) {
            String secret =
                    view.hasMongo()
                            ? MongoObjects.name(view)
                            : view.spec().mongo().external().uriSecretRef();
            environment("MONGODB_URI", secret, Credentials.URI);
        }
        if (view.usesRegistry(workload)) {
            registry();
        }
        if (workload == Workload.API) {
            view.plan().sinks().forEach(this::sink);
        }
    }

    private void sink(SinkPlan sink) {
        if (sink.secret() != null) {
            for (String key : CREDENTIALS) {
                credential(sink.variable(key), sink.secret(), key);
            }
        }
    }

    private void registry() {
        environment(REGISTRY + "URL", RegistryObjects.url(view));
        if (view.hasRegistry() || view.spec().schemaRegistry().external().secretRef() == null) {
            return;
        }
        for (String key : CREDENTIALS) {
            credential(
                    REGISTRY + key.toUpperCase(Locale.ROOT),
                    view.spec().schemaRegistry().external().secretRef(),
                    key);
        }
    }

    /** One of several ways to log in, of which a Secret has those that its server takes. */
    private void credential(String name, String secret, String key) {
        environment.add(
                new EnvVarBuilder()
                        .withName(name)
                        .withNewValueFrom()
                        .withNewSecretKeyRef()
                        .withName(secret)
                        .withKey(key)
                        .withOptional(true)
                        .endSecretKeyRef()
                        .endValueFrom()
                        .build());
    }

    /** The files of tables, from a ConfigMap that has each under the last part of its name. */
    private void tables() {
        List<String> files =
                view.plan().tables().stream()
                        .map(TablePlan::source)
                        .filter(TablePlan.File.class::isInstance)
                        .map(source -> ((TablePlan.File) source).path())
                        .toList();
        if (files.isEmpty()) {
            return;
        }
        environment("MILLRACE_ENRICHER_FOLDER", TABLES_FOLDER);
        volume(
                new VolumeBuilder()
                        .withName("tables")
                        .withNewConfigMap()
                        .withName(view.name("tables"))
                        .withItems(
                                files.stream()
                                        .map(
                                                file ->
                                                        new KeyToPath(
                                                                file.substring(
                                                                        file.lastIndexOf('/') + 1),
                                                                null,
                                                                file))
                                        .toList())
                        .endConfigMap(),
                TABLES_FOLDER,
                true);
    }

    private void kafka() {
        if (view.hasKafka()) {
            environment("KAFKA_BOOTSTRAP_SERVERS", KafkaObjects.bootstrap(view));
            environment("SPRING_KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
            environment("SPRING_KAFKA_PROPERTIES_SASL_MECHANISM", "SCRAM-SHA-512");
            environment(
                    "SPRING_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                    view.name(workload),
                    "sasl.jaas.config");
            environment("SPRING_KAFKA_SSL_TRUSTSTORETYPE", "PEM");
            environment("SPRING_KAFKA_SSL_TRUSTSTORELOCATION", "file:" + CA_FOLDER + "/ca.crt");
            secretVolume("kafka-ca", KafkaObjects.caSecret(view), CA_FOLDER);
            return;
        }
        var external = view.spec().kafka().external();
        environment("KAFKA_BOOTSTRAP_SERVERS", external.bootstrapServers());
        if (external.secretRef() != null) {
            // each key of the Secret becomes a setting of Kafka's clients
            environment("SPRING_CONFIG_IMPORT", "configtree:" + SETTINGS_FOLDER + "/");
            secretVolume(
                    "kafka-settings",
                    external.secretRef(),
                    SETTINGS_FOLDER + "/spring/kafka/properties");
        }
    }

    private void environment(String name, String value) {
        environment.add(new EnvVarBuilder().withName(name).withValue(value).build());
    }

    private void environment(String name, String secret, String key) {
        environment.add(
                new EnvVarBuilder()
                        .withName(name)
                        .withNewValueFrom()
                        .withNewSecretKeyRef()
                        .withName(secret)
                        .withKey(key)
                        .endSecretKeyRef()
                        .endValueFrom()
                        .build());
    }

    private void secretVolume(String name, String secret, String folder) {
        volume(
                new VolumeBuilder()
                        .withName(name)
                        .withNewSecret()
                        .withSecretName(secret)
                        .endSecret(),
                folder,
                true);
    }

    private void volume(VolumeBuilder volume, String folder, boolean readOnly) {
        Volume built = volume.build();
        volumes.add(built);
        mounts.add(
                new VolumeMountBuilder()
                        .withName(built.getName())
                        .withMountPath(folder)
                        .withReadOnly(readOnly ? true : null)
                        .build());
    }
}
