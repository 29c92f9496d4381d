package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.RedisSpec;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;

import java.util.List;
import java.util.Map;

/** The store of live windows. */
public final class RedisObjects {
    /** The value of the component label, and the end of its names. */
    public static final String COMPONENT = "redis";

    /** Its port. */
    public static final int PORT = 6379;

    static final String PASSWORD_FILE = "password.conf";

    private static final String CONFIG_FILE = "redis.conf";
    private static final String CONFIG_FOLDER = "/etc/millrace";
    private static final String SECRET_FOLDER = "/etc/millrace-secret";
    private static final String DATA_FOLDER = "/data";
    private static final long USER = 999;

    private RedisObjects() {}

    /** The name of Service, StatefulSet and Secret. */
    public static String name(PipelineView view) {
        return view.name(COMPONENT);
    }

    private static String maxMemory(PipelineView view) {
        RedisSpec spec = view.spec().redis();
        return spec == null || spec.maxMemory() == null ? "512mb" : spec.maxMemory();
    }

    /**
     * Its settings: every write is in the log within a second, nothing is ever evicted, and hashes
     * of more than 32 fields are hash tables, for a write to a long list costs five times as much.
     */
    public static ConfigMap config(PipelineView view) {
        return new ConfigMapBuilder()
                .withMetadata(view.metadata(name(view), COMPONENT))
                .withData(Map.of(CONFIG_FILE, settings(view)))
                .build();
    }

    private static String settings(PipelineView view) {
        return """
        dir %s
        appendonly yes
        appendfsync everysec
        maxmemory %s
        maxmemory-policy noeviction
        hash-max-listpack-entries 32
        zset-max-listpack-entries 32
        set-max-listpack-entries 32
        protected-mode yes
        include %s/%s
        """
                .formatted(DATA_FOLDER, maxMemory(view), SECRET_FOLDER, PASSWORD_FILE);
    }

    /** Its volume. */
    public static PersistentVolumeClaim claim(PipelineView view) {
        RedisSpec spec = view.spec().redis();
        return DataVolume.claim(view, COMPONENT, spec == null ? null : spec.storage(), "2Gi");
    }

    /** Its address. */
    public static Service service(PipelineView view) {
        return StoreServer.service(view, COMPONENT, PORT);
    }

    /**
     * The server.
     *
     * @param secret its password
     */
    public static StatefulSet server(PipelineView view, Secret secret) {
        RedisSpec spec = view.spec().redis();
        String image = spec == null || spec.image() == null ? view.images().redis() : spec.image();
        // room for the copy that a rewrite of the log makes
        String memory = memory(maxMemory(view));
        return new StoreServer(view, COMPONENT, PORT, image, USER)
                .configHash(Manifest.hash(settings(view)) + "-" + Credentials.hash(secret))
                .args(List.of(CONFIG_FOLDER + "/" + CONFIG_FILE))
                .env(password())
                .dataFolder(DATA_FOLDER)
                .configMap(name(view), CONFIG_FOLDER)
                .secret(name(view), SECRET_FOLDER)
                .resources(
                        Resources.of(
                                spec == null ? null : spec.resources(), "100m", "128Mi", memory))
                .probe(ping(), 5)
                .graceSeconds(30)
                .build();
    }

    private static String memory(String maxMemory) {
        long amount = Long.parseLong(maxMemory.substring(0, maxMemory.length() - 2));
        long mebibytes =
                switch (maxMemory.substring(maxMemory.length() - 2)) {
                    case "kb" -> Math.max(1, amount >> 10);
                    case "mb" -> amount;
                    default -> amount << 10;
                };
        return mebibytes * 3 / 2 + 64 + "Mi";
    }

    private static EnvVar password() {
        return new EnvVarBuilder()
                .withName("PASSWORD_CONF")
                .withValue(SECRET_FOLDER + "/" + PASSWORD_FILE)
                .build();
    }

    /** Redis and Valkey name their client differently. A server that loads its log is not ready. */
    private static Probe ping() {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand(
                        "sh",
                        "-c",
                        "export REDISCLI_AUTH=\"$(cut -d' ' -f2 \"$PASSWORD_CONF\")\"; "
                                + "cli=$(command -v redis-cli || command -v valkey-cli); "
                                + "[ \"$($cli ping)\" = PONG ]")
                .endExec()
                .build();
    }
}
