package dev.millrace.operator.desired;

import io.fabric8.kubernetes.client.CustomResource;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Prometheus' operator is told: where the metrics are, and what deserves an alarm. */
public final class Monitoring {
    /** The group of Prometheus' operator. */
    public static final String GROUP = "monitoring.coreos.com";

    /** The version of its resources. */
    public static final String VERSION = "v1";

    private static final String COMPONENT = "pipeline";

    private Monitoring() {}

    /** Where the metrics are, by name: the workloads', and Kafka's where it is managed. */
    public static Map<String, PodMonitor> podMonitors(PipelineView view) {
        Map<String, PodMonitor> monitors = new LinkedHashMap<>();
        if (!view.isMonitored()) {
            return monitors;
        }
        monitors.put(
                view.name(),
                podMonitor(
                        view,
                        view.name(),
                        Map.of(
                                PipelineView.PIPELINE_LABEL,
                                view.name(),
                                PipelineView.MANAGED_BY_LABEL,
                                PipelineView.MANAGED_BY),
                        Map.of(
                                "port",
                                WorkloadDeployment.PORT_NAME,
                                "path",
                                "/actuator/prometheus",
                                "interval",
                                "15s",
                                "relabelings",
                                relabelings())));
        if (view.hasKafka()) {
            monitors.put(
                    KafkaObjects.cluster(view),
                    strimzi(
                            view,
                            KafkaObjects.cluster(view),
                            Map.of(
                                    "strimzi.io/cluster", KafkaObjects.cluster(view),
                                    "strimzi.io/kind", "Kafka",
                                    "strimzi.io/component-type", "kafka")));
        }
        if (view.captures()) {
            monitors.put(
                    ConnectObjects.name(view),
                    strimzi(view, ConnectObjects.name(view), ConnectObjects.pods(view)));
        }
        return monitors;
    }

    private static PodMonitor strimzi(PipelineView view, String name, Map<String, String> pods) {
        return podMonitor(
                view,
                name,
                pods,
                Map.of(
                        "port",
                        "tcp-prometheus",
                        "path",
                        "/metrics",
                        "interval",
                        "30s",
                        "relabelings",
                        List.of(
                                Map.of(
                                        "action",
                                        "replace",
                                        "targetLabel",
                                        "pipeline",
                                        "replacement",
                                        view.name()))));
    }

    private static List<Map<String, Object>> relabelings() {
        return List.of(
                relabeling("__meta_kubernetes_pod_label_millrace_dev_pipeline", "pipeline"),
                relabeling("__meta_kubernetes_pod_label_app_kubernetes_io_component", "component"));
    }

    private static Map<String, Object> relabeling(String source, String target) {
        return Map.of("action", "replace", "sourceLabels", List.of(source), "targetLabel", target);
    }

    private static PodMonitor podMonitor(
            PipelineView view,
            String name,
            Map<String, String> pods,
            Map<String, Object> endpoint) {
        return resource(
                view,
                new PodMonitor(),
                name,
                Map.of(
                        "selector",
                        Map.of("matchLabels", pods),
                        "podMetricsEndpoints",
                        List.of(endpoint)));
    }

    /** What deserves an alarm. */
    public static PrometheusRule alerts(PipelineView view) {
        String of = "{namespace=\"%s\",pipeline=\"%s\"}".formatted(view.namespace(), view.name());
        return resource(
                view,
                new PrometheusRule(),
                view.name(),
                Map.of(
                        "groups",
                        List.of(
                                Map.of(
                                        "name",
                                        "millrace-" + view.namespace() + "-" + view.name(),
                                        "rules",
                                        rules(view, of)))));
    }

    private static List<Map<String, Object>> rules(PipelineView view, String of) {
        List<Map<String, Object>> rules = new ArrayList<>(general(view, of));
        if (view.captures()) {
            rules.add(
                    alert(
                            view,
                            "MillraceTablesNotCaptured",
                            "sum(kafka_connect_tasks"
                                    + of.replace("}", ",state=\"running\"}")
                                    + ") < "
                                    + ConnectObjects.databases(view).size()
                                    // a task runs on while its database is away
                                    + " or (min(debezium_connected"
                                    + of
                                    + ") == 0 unless max(debezium_snapshotrunning"
                                    + of
                                    + ") == 1)",
                            "5m",
                            "critical",
                            "Changes in a database do not reach its tables; see kubectl describe analyticspipeline, TablesCaptured"));
        }
        return rules;
    }

    private static List<Map<String, Object>> general(PipelineView view, String of) {
        return List.of(
                alert(
                        view,
                        "MillraceWorkloadDown",
                        "count by (component) (up" + of + " == 0) > 0",
                        "5m",
                        "critical",
                        "Pods of {{ $labels.component }} do not answer; see kubectl describe analyticspipeline"),
                alert(
                        view,
                        "MillraceProcessorLag",
                        "sum(millrace_processor_lag" + of + ") > 100000",
                        "10m",
                        "warning",
                        "{{ $value }} events wait to be counted; give the processor more replicas or processor time"),
                alert(
                        view,
                        "MillraceAuditLag",
                        "sum(millrace_audit_lag_events" + of + ") > 100000",
                        "15m",
                        "warning",
                        "{{ $value }} events wait to be recorded; is MongoDB slow or away?"),
                alert(
                        view,
                        "MillraceEventsLost",
                        "sum(increase(millrace_processor_lost_total"
                                + of
                                + "[15m])) + sum(increase(millrace_audit_lost_total"
                                + of
                                + "[15m])) > 0",
                        "0m",
                        "critical",
                        "Kafka had dropped events before they were read; raise the topics' retention"),
                alert(
                        view,
                        "MillraceWritesRefused",
                        "sum(increase(millrace_processor_write_failed_total" + of + "[15m])) > 0",
                        "0m",
                        "critical",
                        "Redis refused writes, so numbers are too low; is its memory full?"),
                alert(
                        view,
                        "MillraceNumbersDiffer",
                        "sum(increase(millrace_proof_buckets_total"
                                + of.replace("}", ",result=\"different\"}")
                                + "[15m])) > 0",
                        "0m",
                        "critical",
                        "Live numbers differ from a recount of the audit's records; GET /api/v1/proof says which"),
                alert(
                        view,
                        "MillraceNumbersOld",
                        "max(millrace_api_snapshot_age_seconds" + of + ") > 30",
                        "2m",
                        "warning",
                        "The API shows numbers of {{ $value }} s ago; Redis cannot be read"),
                alert(
                        view,
                        "MillraceManyDeadLetters",
                        "sum(rate(millrace_processor_rejected_total"
                                + of
                                + "[5m])) > 0.05 * (sum(rate(millrace_processor_events_total"
                                + of
                                + "[5m])) + sum(rate(millrace_processor_rejected_total"
                                + of
                                + "[5m])))",
                        "10m",
                        "warning",
                        "More than one event in twenty is a dead letter; the dashboard says why"));
    }

    private static Map<String, Object> alert(
            PipelineView view,
            String name,
            String expression,
            String time,
            String severity,
            String summary) {
        Map<String, Object> alert = new LinkedHashMap<>();
        alert.put("alert", name);
        alert.put("expr", expression);
        alert.put("for", time);
        alert.put("labels", Map.of("severity", severity, "pipeline", view.name()));
        alert.put("annotations", Map.of("summary", view.name() + ": " + summary));
        return alert;
    }

    private static <R extends CustomResource<Map<String, Object>, Void>> R resource(
            PipelineView view, R resource, String name, Map<String, Object> spec) {
        resource.setMetadata(view.metadata(name, COMPONENT));
        var declared = view.spec().monitoring();
        if (declared != null && declared.labels() != null) {
            declared.labels().forEach(resource.getMetadata().getLabels()::putIfAbsent);
        }
        resource.setSpec(spec);
        return resource;
    }
}
