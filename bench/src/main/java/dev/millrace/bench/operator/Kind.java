package dev.millrace.bench.operator;

import java.util.Arrays;

/** What a pipeline consists of, and where the API server has it. */
enum Kind {
    CONFIG_MAP("ConfigMap", "api/v1", "configmaps"),
    VOLUME_CLAIM("PersistentVolumeClaim", "api/v1", "persistentvolumeclaims"),
    SECRET("Secret", "api/v1", "secrets"),
    SERVICE("Service", "api/v1", "services"),
    SERVICE_ACCOUNT("ServiceAccount", "api/v1", "serviceaccounts"),
    DEPLOYMENT("Deployment", "apis/apps/v1", "deployments"),
    STATEFUL_SET("StatefulSet", "apis/apps/v1", "statefulsets"),
    AUTOSCALER("HorizontalPodAutoscaler", "apis/autoscaling/v2", "horizontalpodautoscalers"),
    BUDGET("PodDisruptionBudget", "apis/policy/v1", "poddisruptionbudgets"),
    INGRESS("Ingress", "apis/networking.k8s.io/v1", "ingresses"),
    NETWORK_POLICY("NetworkPolicy", "apis/networking.k8s.io/v1", "networkpolicies"),
    ROUTE("HTTPRoute", "apis/gateway.networking.k8s.io/v1", "httproutes"),
    KAFKA("Kafka", "apis/kafka.strimzi.io/v1", "kafkas"),
    NODE_POOL("KafkaNodePool", "apis/kafka.strimzi.io/v1", "kafkanodepools"),
    TOPIC("KafkaTopic", "apis/kafka.strimzi.io/v1", "kafkatopics"),
    USER("KafkaUser", "apis/kafka.strimzi.io/v1", "kafkausers"),
    POD_MONITOR("PodMonitor", "apis/monitoring.coreos.com/v1", "podmonitors"),
    PROMETHEUS_RULE("PrometheusRule", "apis/monitoring.coreos.com/v1", "prometheusrules"),
    // What a pipeline needs around it, and itself.
    PIPELINE("AnalyticsPipeline", "apis/millrace.dev/v1alpha1", "analyticspipelines"),
    CRD("CustomResourceDefinition", "apis/apiextensions.k8s.io/v1", "customresourcedefinitions"),
    NAMESPACE("Namespace", "api/v1", "namespaces"),
    ROLE("Role", "apis/rbac.authorization.k8s.io/v1", "roles"),
    ROLE_BINDING("RoleBinding", "apis/rbac.authorization.k8s.io/v1", "rolebindings"),
    CLUSTER_ROLE("ClusterRole", "apis/rbac.authorization.k8s.io/v1", "clusterroles"),
    CLUSTER_ROLE_BINDING(
            "ClusterRoleBinding", "apis/rbac.authorization.k8s.io/v1", "clusterrolebindings");

    private final String text;
    private final String group;
    private final String plural;

    Kind(String text, String group, String plural) {
        this.text = text;
        this.group = group;
        this.plural = plural;
    }

    /** Whether the operator makes objects of it. */
    boolean isMade() {
        return compareTo(PIPELINE) < 0;
    }

    /** The word that objects carry. */
    String text() {
        return text;
    }

    /** The path of all of them. */
    String path() {
        return "/" + group + "/" + plural;
    }

    /** The path of one; the namespace is empty where it has none. */
    String path(String namespace, String name) {
        String inside = namespace.isEmpty() ? "" : "namespaces/" + namespace + "/";
        return "/" + group + "/" + inside + plural + "/" + name;
    }

    /** By that word. */
    static Kind of(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.text.equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("kind " + text));
    }
}
