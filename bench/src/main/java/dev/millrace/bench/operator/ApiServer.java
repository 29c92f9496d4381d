package dev.millrace.bench.operator;

import dev.millrace.bench.Endpoint;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * etcd and kube-apiserver, without what makes pods of objects, on ports of this machine. All that
 * is written, and all that the operator asks, goes to its audit log.
 */
final class ApiServer implements AutoCloseable {
    /** Who the operator is, by the rights that the chart gives it. */
    static final String OPERATOR = "system:serviceaccount:millrace-system:millrace-operator";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String AUDIT_POLICY =
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - {level: Metadata, users: ["%s"]}
              - {level: Metadata, verbs: [create, update, patch, delete, deletecollection]}
              - {level: None}
            """;

    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final URI address;
    private final String operatorToken = UUID.randomUUID().toString();
    private final KubernetesApi admin;

    /**
     * Starts both.
     *
     * @param programs the folder that holds them
     * @param folder for all that they write
     */
    ApiServer(Path programs, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        this.folder = folder;
        String etcd = "http://127.0.0.1:" + Endpoint.free().port();
        int port = Endpoint.free().port();
        this.address = URI.create("https://127.0.0.1:" + port);
        String adminToken = UUID.randomUUID().toString();
        Path tokens =
                write(
                        "tokens.csv",
                        """
                        %s,admin,admin,"system:masters"
                        %s,%s,operator,"system:serviceaccounts,system:serviceaccounts:millrace-system"
                        """
                                .formatted(adminToken, operatorToken, OPERATOR));
        Path key = write("key.pem", newKey());
        Path policy = write("audit.yaml", AUDIT_POLICY.formatted(OPERATOR));
        start(
                programs.resolve("etcd"),
                "--data-dir=" + folder.resolve("etcd"),
                "--listen-client-urls=" + etcd,
                "--advertise-client-urls=" + etcd,
                "--listen-peer-urls=http://127.0.0.1:0",
                "--unsafe-no-fsync=true");
        start(
                programs.resolve("kube-apiserver"),
                "--etcd-servers=" + etcd,
                "--bind-address=127.0.0.1",
                "--advertise-address=127.0.0.1",
                "--endpoint-reconciler-type=none",
                "--secure-port=" + port,
                "--cert-dir=" + folder.resolve("certificates"),
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=" + key,
                "--service-account-signing-key-file=" + key,
                "--service-cluster-ip-range=10.128.0.0/16",
                "--authorization-mode=RBAC",
                "--token-auth-file=" + tokens,
                // what they wait for comes of controllers that are not here
                "--disable-admission-plugins=ServiceAccount,StorageObjectInUseProtection",
                "--audit-policy-file=" + policy,
                "--audit-log-path=" + auditLog(),
                "--audit-log-maxsize=4096");
        // its certificate is there before it listens
        Path certificate = folder.resolve("certificates/apiserver.crt");
        await(() -> Files.isReadable(certificate));
        this.admin = new KubernetesApi(address, trust(certificate), adminToken);
        await(() -> admin.answers("/readyz"));
    }

    /** Who may do everything. */
    KubernetesApi admin() {
        return admin;
    }

    /** Where it notes what was asked of it, a JSON object in each line. */
    Path auditLog() {
        return folder.resolve("audit.log");
    }

    /** A file by which a client gets in as the operator. */
    Path operatorConfig() throws IOException {
        Path certificate = folder.resolve("certificates/apiserver.crt");
        var config =
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Config",
                        "current-context",
                        "bench",
                        "contexts",
                        List.of(
                                Map.of(
                                        "name",
                                        "bench",
                                        "context",
                                        Map.of("cluster", "bench", "user", "bench"))),
                        "clusters",
                        List.of(
                                Map.of(
                                        "name",
                                        "bench",
                                        "cluster",
                                        Map.of(
                                                "server", address.toString(),
                                                "certificate-authority", certificate.toString()))),
                        "users",
                        List.of(Map.of("name", "bench", "user", Map.of("token", operatorToken))));
        return write("kubeconfig", JsonMapper.shared().writeValueAsString(config));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private void start(Path program, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(options));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(program.getFileName() + ".log").toFile())
                        .start();
        // nothing else ends it where the measurement is stopped from outside
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        processes.add(process);
    }

    private interface Check {
        boolean holds() throws InterruptedException;
    }

    private void await(Check check) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.holds()) {
            if (System.nanoTime() > deadline || processes.stream().anyMatch(p -> !p.isAlive())) {
                throw new IllegalStateException(
                        "The API server did not start, and said:\n"
                                + Files.readString(folder.resolve("etcd.log"))
                                + Files.readString(folder.resolve("kube-apiserver.log")));
            }
            Thread.sleep(100);
        }
    }

    private static String newKey() throws GeneralSecurityException {
        byte[] key =
                KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(Base64.getMimeEncoder().encodeToString(key));
    }

    private static SSLContext trust(Path certificates)
            throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream input = Files.newInputStream(certificates)) {
            for (Certificate one :
                    CertificateFactory.getInstance("X.509").generateCertificates(input)) {
                store.setCertificateEntry("server-" + store.size(), one);
            }
        }
        var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** Ends both, the API server first. */
    @Override
    public void close() throws InterruptedException {
        for (Process process : processes.reversed()) {
            process.destroy();
            // open watches would hold it for a minute
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }
}
