package dev.millrace.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the stores have in common: one server with a volume, a password and a probe. */
final class StoreServer {
    static final String CONFIG_HASH = "millrace.dev/config-hash";

    private final PipelineView view;
    private final String component;
    private final int port;
    private final String image;
    private final long user;
    private final List<EnvVar> environment = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final List<VolumeMount> mounts = new ArrayList<>();
    private List<String> arguments = List.of();
    private String hash;
    private Probe probe;
    private int probeSeconds;
    private ResourceRequirements resources;
    private long grace;

    StoreServer(PipelineView view, String component, int port, String image, long user) {
        this.view = view;
        this.component = component;
        this.port = port;
        this.image = image;
        this.user = user;
        volume(new VolumeBuilder().withName("tmp").withNewEmptyDir().endEmptyDir(), "/tmp");
    }

    static Service service(PipelineView view, String component, int port) {
        return new ServiceBuilder()
                .withMetadata(view.metadata(view.name(component), component))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(view.selector(component))
                .addNewPort()
                .withName(component)
                .withPort(port)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(component))
                .endPort()
                .endSpec()
                .build();
    }

    StoreServer configHash(String hash) {
        this.hash = hash;
        return this;
    }

    StoreServer args(List<String> arguments) {
        this.arguments = arguments;
        return this;
    }

    StoreServer env(EnvVar variable) {
        environment.add(variable);
        return this;
    }

    StoreServer dataFolder(String folder) {
        return volume(
                new VolumeBuilder()
                        .withName("data")
                        .withNewPersistentVolumeClaim()
                        .withClaimName(DataVolume.name(view, component))
                        .endPersistentVolumeClaim(),
                folder);
    }

    StoreServer configMap(String name, String folder) {
        return volume(
                new VolumeBuilder()
                        .withName("config")
                        .withNewConfigMap()
                        .withName(name)
                        .endConfigMap(),
                folder);
    }

    StoreServer secret(String name, String folder) {
        return volume(
                new VolumeBuilder()
                        .withName("secret")
                        .withNewSecret()
                        .withSecretName(name)
                        .endSecret(),
                folder);
    }

    private StoreServer volume(VolumeBuilder volume, String folder) {
        Volume built = volume.build();
        volumes.add(built);
        boolean writable = built.getConfigMap() == null && built.getSecret() == null;
        mounts.add(
                new VolumeMountBuilder()
                        .withName(built.getName())
                        .withMountPath(folder)
                        .withReadOnly(writable ? null : true)
                        .build());
        return this;
    }

    StoreServer resources(ResourceRequirements resources) {
        this.resources = resources;
        return this;
    }

    /** How to find out whether it answers, and how many seconds to let pass between. */
    StoreServer probe(Probe probe, int seconds) {
        this.probe = probe;
        this.probeSeconds = seconds;
        return this;
    }

    StoreServer graceSeconds(long seconds) {
        this.grace = seconds;
        return this;
    }

    private ProbeBuilder every(int seconds, int failures) {
        return new ProbeBuilder(probe)
                .withPeriodSeconds(seconds)
                .withTimeoutSeconds(10)
                .withFailureThreshold(failures);
    }

    StatefulSet build() {
        return new StatefulSetBuilder()
                .withMetadata(view.metadata(view.name(component), component))
                .withNewSpec()
                .withReplicas(1)
                .withServiceName(view.name(component))
                // else a pod that can never start would keep its correction from starting
                .withPodManagementPolicy("Parallel")
                .withNewSelector()
                .withMatchLabels(view.selector(component))
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(view.labels(component))
                .withAnnotations(Map.of(CONFIG_HASH, hash))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(grace)
                .withSecurityContext(Security.pod(user))
                .addNewContainer()
                .withName(component)
                .withImage(image)
                .withImagePullPolicy(view.images().pullPolicy())
                .withArgs(arguments)
                .withEnv(environment)
                .addNewPort()
                .withName(component)
                .withContainerPort(port)
                .withProtocol("TCP")
                .endPort()
                .withResources(resources)
                .withSecurityContext(Security.container(true))
                .withStartupProbe(every(2, 150).build())
                .withReadinessProbe(every(probeSeconds, 3).build())
                .withLivenessProbe(
                        new ProbeBuilder()
                                .withNewTcpSocket()
                                .withPort(new IntOrString(component))
                                .endTcpSocket()
                                .withPeriodSeconds(10)
                                .withTimeoutSeconds(5)
                                .withFailureThreshold(6)
                                .build())
                .withVolumeMounts(mounts)
                .endContainer()
                .withVolumes(volumes)
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
