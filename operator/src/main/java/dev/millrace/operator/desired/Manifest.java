package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.PipelineSpec;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.client.utils.Serialization;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The manifest as the workloads read it: what concerns them, and nothing of how they are run. */
public final class Manifest {
    /** The file in the pods. */
    public static final String FILE = "pipeline.yaml";

    private static final String COMPONENT = "pipeline";
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final HexFormat HEX = HexFormat.of();

    private Manifest() {}

    /** The name of the ConfigMap. */
    public static String name(PipelineView view) {
        return view.name(COMPONENT);
    }

    /** The ConfigMap that holds it. */
    public static ConfigMap configMap(PipelineView view) {
        return new ConfigMapBuilder()
                .withMetadata(view.metadata(name(view), COMPONENT))
                .withData(Map.of(FILE, text(view)))
                .build();
    }

    private static String text(PipelineView view) {
        Map<String, Object> manifest = new LinkedHashMap<>();
        manifest.put("apiVersion", view.resource().getApiVersion());
        manifest.put("kind", view.resource().getKind());
        manifest.put("metadata", Map.of("name", view.name()));
        manifest.put("spec", all(view.spec()));
        return Serialization.asYaml(manifest);
    }

    /**
     * A hash of what matters to a workload: while it stays, the workload need not restart, whatever
     * else of the manifest changes.
     */
    public static String hash(PipelineView view, Workload workload) {
        PipelineSpec spec = view.spec();
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("streams", streams(spec, workload));
        parts.put("tables", spec.tables());
        switch (workload) {
            case PRODUCER, ENRICHER -> {
                // what is counted is nothing to it
            }
            case PROCESSOR -> parts.put("fingerprint", view.plan().fingerprint());
            case AUDIT -> {
                parts.put("audit", view.plan().audit().toString());
                // it decides by itself which events are late
                parts.put("clock", spec.clock());
            }
            case API -> {
                parts.putAll(all(spec));
                parts.remove("audit");
                // it proves its numbers by what the audit keeps
                parts.put("recorded", view.plan().audit().toString());
                parts.put("streams", streams(spec, workload));
            }
        }
        return hash(Serialization.asYaml(parts));
    }

    /** Partitions and retention are settings of the topic, and events are made by one alone. */
    private static List<Map<String, Object>> streams(PipelineSpec spec, Workload workload) {
        return spec.streams().stream()
                .map(
                        stream -> {
                            Map<String, Object> settings = new TreeMap<>();
                            Map<?, ?> written = JSON.convertValue(stream, Map.class);
                            written.forEach((name, value) -> settings.put(name.toString(), value));
                            if (workload != Workload.PRODUCER) {
                                settings.remove("generator");
                            }
                            if (settings.get("topic") instanceof Map<?, ?> topic) {
                                settings.put("topic", topic.get("name"));
                            }
                            return settings;
                        })
                .toList();
    }

    /** A short hash of a text. */
    static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HEX.formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> all(PipelineSpec spec) {
        Map<String, Object> parts = new LinkedHashMap<>();
        parts.put("streams", spec.streams());
        parts.put("tables", spec.tables());
        parts.put("metrics", spec.metrics());
        parts.put("views", spec.views());
        putAudit(parts, spec);
        parts.put("history", spec.history());
        parts.put("sinks", spec.sinks());
        parts.put("stats", spec.stats());
        parts.put("clock", spec.clock());
        parts.put("dashboard", spec.dashboard());
        if (spec.monitoring() != null && spec.monitoring().groups() != null) {
            // the rest of it is the operator's
            parts.put("monitoring", Map.of("groups", spec.monitoring().groups()));
        }
        parts.values().removeIf(Objects::isNull);
        return parts;
    }

    /** How events are recorded, but not how the workload that does it is run. */
    private static void putAudit(Map<String, Object> parts, PipelineSpec spec) {
        if (spec.audit() == null) {
            return;
        }
        Map<String, Object> audit = new LinkedHashMap<>();
        audit.put("flush", spec.audit().flush());
        audit.put("batch", spec.audit().batch());
        audit.put("retention", spec.audit().retention());
        audit.values().removeIf(Objects::isNull);
        parts.put("audit", audit);
    }
}
