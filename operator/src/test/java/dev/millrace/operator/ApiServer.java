package dev.millrace.operator;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.binary.OSInfo;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real Kubernetes API server on an etcd, one for all tests of this JVM. Nothing else of a cluster
 * runs: no pod starts, nothing is garbage-collected, and namespaces are never emptied.
 *
 * <p>The programs are those of the folder that {@code KUBEBUILDER_ASSETS} names, else they are
 * downloaded.
 */
public final class ApiServer {
    /** Name of the environment variable which says that this machine has no API server. */
    static final String WITHOUT = "MILLRACE_WITHOUT_API_SERVER";

    private static final String ASSETS = "KUBEBUILDER_ASSETS";
    private static final String NEEDED =
            "These tests need a Kubernetes API server, and none could be started: %s. Set "
                    + ASSETS
                    + " to a folder with kube-apiserver, etcd and kubectl (operator/src/test/apiserver/build makes one, with"
                    + " Go), or run them where they can be downloaded. Everything else is tested with "
                    + WITHOUT
                    + "=true.";
    // any version does: it only names the folder in which the programs are looked for
    private static final String VERSION = "1.0.0";
    private static final Path OWN_CRDS = Path.of("../crds");
    private static final Path STRIMZI_CRDS = Path.of("target/strimzi-crds");
    private static final Path OTHER_CRDS = Path.of("src/test/resources/other-crds");

    private static ApiServer running;
    private static AssertionError failure;

    private final Config config;
    private final KubernetesClient client;

    private ApiServer(String kubeConfig) {
        config = Config.fromKubeconfig(kubeConfig);
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /**
     * The server, started by the first call.
     *
     * @throws AssertionError when there are no programs to start it with
     */
    public static synchronized ApiServer running() {
        if (failure != null) {
            throw failure;
        }
        if (running == null) {
            try {
                running = start();
            } catch (IOException | RuntimeException e) {
                failure = new AssertionError(NEEDED.formatted(e.getMessage()), e);
                throw failure;
            }
        }
        return running;
    }

    private static ApiServer start() throws IOException {
        Path folder = Files.createTempDirectory("api-server");
        KubeAPIServerConfigBuilder options =
                KubeAPIServerConfigBuilder.anAPIServerConfig().withUpdateKubeConfig(false);
        String assets = System.getenv(ASSETS);
        if (assets != null) {
            link(Path.of(assets), folder);
            options.withTestDir(folder.toString())
                    .withApiServerVersion(VERSION)
                    .withOfflineMode(true);
        }
        KubeAPIServer server = new KubeAPIServer(options.build());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, folder)));
        server.start();
        return new ApiServer(server.getKubeConfigYaml());
    }

    /** Lays the programs out as they are looked for. */
    private static void link(Path assets, Path folder) throws IOException {
        OSInfo machine = new OSInfo();
        Path layout =
                folder.resolve("k8s")
                        .resolve(VERSION + "-" + machine.getOSName() + "-" + machine.getOSArch());
        Files.createDirectories(layout);
        for (String program : List.of("kube-apiserver", "etcd", "kubectl")) {
            Path file = assets.resolve(program).toAbsolutePath();
            if (!Files.isExecutable(file)) {
                throw new IOException(ASSETS + " is " + assets + ", which holds no " + program);
            }
            Files.createSymbolicLink(layout.resolve(program), file);
        }
    }

    private static void stop(KubeAPIServer server, Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            server.stop();
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Who may do everything; closed when the JVM ends. */
    public KubernetesClient admin() {
        return client;
    }

    /** Begins a client that may do what a user or service account may. */
    public KubernetesClientBuilder as(String user, String... groups) {
        return new KubernetesClientBuilder()
                .withConfig(
                        new ConfigBuilder(config)
                                .withImpersonateUsername(user)
                                .withImpersonateGroups(groups)
                                .build());
    }

    /** Makes a namespace of a new name. */
    public String newNamespace() {
        return client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withGenerateName("test-")
                                .endMetadata()
                                .build())
                .create()
                .getMetadata()
                .getName();
    }

    /** The CRD of pipelines, as it is shipped. */
    public static Path pipelineCrd() {
        return OWN_CRDS.resolve("analyticspipelines.millrace.dev-v1.yaml");
    }

    /** Has the server know pipelines. */
    public ApiServer withPipelines() {
        return install(OWN_CRDS);
    }

    /** Has the server know Strimzi's resources, by the CRDs that its own generator makes. */
    public ApiServer withStrimzi() {
        return install(STRIMZI_CRDS);
    }

    /** Has the server know routes of the Gateway API, and what Prometheus's operator reads. */
    public ApiServer withRoutesAndMonitoring() {
        return install(OTHER_CRDS);
    }

    private ApiServer install(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            files.sorted().forEach(this::apply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Applies the CRD of a file, and waits until it is served. */
    CustomResourceDefinition apply(Path file) {
        try {
            HasMetadata crd =
                    client.resource(Files.readString(file)).forceConflicts().serverSideApply();
            return client.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(crd.getMetadata().getName())
                    .waitUntilCondition(ApiServer::isServed, 120, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isServed(CustomResourceDefinition crd) {
        return crd != null
                && crd.getStatus() != null
                && crd.getStatus().getConditions() != null
                && crd.getStatus().getConditions().stream()
                        .anyMatch(
                                condition ->
                                        condition.getType().equals("Established")
                                                && condition.getStatus().equals("True"));
    }
}
