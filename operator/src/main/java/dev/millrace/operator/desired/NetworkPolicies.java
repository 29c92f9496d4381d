package dev.millrace.operator.desired;

import dev.millrace.pipeline.plan.SinkPlan;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyIngressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Who may talk to whom. Workloads answer everybody on their one port, for browsers and Prometheus,
 * and talk to name servers and their own servers; stores answer their workloads and talk to nobody.
 * Kafka has its own policy, which Strimzi makes.
 */
public final class NetworkPolicies {
    private static final int DNS = 53;

    /** Where API servers are reached, by their Service or directly. */
    private static final List<Integer> API_SERVER_PORTS = List.of(443, 6443);

    /** Where the pods of a Kafka Connect talk to each other. */
    private static final int CONNECT_PORT = 8083;

    private NetworkPolicies() {}

    /** The policies by name; none where the pipeline does not want them. */
    public static Map<String, NetworkPolicy> of(PipelineView view) {
        Map<String, NetworkPolicy> policies = new LinkedHashMap<>();
        if (!view.hasNetworkPolicies()) {
            return policies;
        }
        for (Workload workload : view.workloads()) {
            add(policies, workload(view, workload));
        }
        if (view.hasRedis()) {
            add(
                    policies,
                    store(
                            view,
                            RedisObjects.COMPONENT,
                            RedisObjects.PORT,
                            Workload::usesRedis,
                            List.of()));
        }
        if (view.hasMongo()) {
            add(
                    policies,
                    store(
                            view,
                            MongoObjects.COMPONENT,
                            MongoObjects.PORT,
                            Workload::usesMongo,
                            List.of()));
        }
        if (view.hasRegistry()) {
            add(
                    policies,
                    store(
                            view,
                            RegistryObjects.COMPONENT,
                            RegistryObjects.PORT,
                            view::usesRegistry,
                            List.of(Map.of(PipelineView.CLIENT_LABEL, view.name()))));
        }
        if (view.captures()) {
            add(policies, connect(view));
        }
        return policies;
    }

    /**
     * Where Kafka Connect goes: to name servers, Kafka, its like, and any server on the ports of
     * the databases and of Kubernetes, which gives it its certificates, for policies know no names.
     * Who may talk to it is in a policy that Strimzi makes.
     */
    private static NetworkPolicy connect(PipelineView view) {
        List<NetworkPolicyEgressRule> egress = new ArrayList<>();
        if (view.hasKafka()) {
            egress.add(dns());
            egress.add(
                    to(
                            Map.of("strimzi.io/cluster", KafkaObjects.cluster(view)),
                            KafkaObjects.PORT));
            egress.add(to(ConnectObjects.pods(view), CONNECT_PORT));
            egress.add(
                    new NetworkPolicyEgressRuleBuilder()
                            .withPorts(
                                    Stream.concat(
                                                    API_SERVER_PORTS.stream(),
                                                    ConnectObjects.ports(view).stream())
                                            .map(port -> port(new IntOrString(port)))
                                            .toList())
                            .build());
        } else {
            egress.add(new NetworkPolicyEgressRule());
        }
        return new NetworkPolicyBuilder()
                .withMetadata(
                        view.metadata(ConnectObjects.name(view) + "-out", ConnectObjects.COMPONENT))
                .withNewSpec()
                .withPodSelector(
                        new LabelSelectorBuilder()
                                .withMatchLabels(ConnectObjects.pods(view))
                                .build())
                .withPolicyTypes("Egress")
                .withEgress(egress)
                .endSpec()
                .build();
    }

    private static NetworkPolicyEgressRule dns() {
        return new NetworkPolicyEgressRuleBuilder()
                .withPorts(
                        new NetworkPolicyPort(null, new IntOrString(DNS), "UDP"),
                        port(new IntOrString(DNS)))
                .build();
    }

    private static void add(Map<String, NetworkPolicy> policies, NetworkPolicy policy) {
        policies.put(policy.getMetadata().getName(), policy);
    }

    private static NetworkPolicy workload(PipelineView view, Workload workload) {
        return policy(
                view,
                workload.text(),
                new NetworkPolicyIngressRuleBuilder()
                        .withPorts(port(new IntOrString(WorkloadDeployment.PORT_NAME)))
                        .build(),
                egress(view, workload));
    }

    private static List<NetworkPolicyEgressRule> egress(PipelineView view, Workload workload) {
        boolean goesOutside =
                view.usesKafka(workload) && !view.hasKafka()
                        || workload.usesRedis() && !view.hasRedis()
                        || workload.usesMongo() && !view.hasMongo()
                        || view.usesRegistry(workload) && !view.hasRegistry();
        if (goesOutside) {
            // an address outside is only known by name, and policies know no names
            return List.of(new NetworkPolicyEgressRule());
        }
        List<NetworkPolicyEgressRule> rules = new ArrayList<>();
        rules.add(dns());
        if (view.usesKafka(workload)) {
            rules.add(
                    to(
                            Map.of("strimzi.io/cluster", KafkaObjects.cluster(view)),
                            KafkaObjects.PORT));
        }
        if (workload.usesRedis()) {
            rules.add(to(view.selector(RedisObjects.COMPONENT), RedisObjects.PORT));
        }
        if (workload.usesMongo()) {
            rules.add(to(view.selector(MongoObjects.COMPONENT), MongoObjects.PORT));
        }
        if (view.usesRegistry(workload)) {
            rules.add(to(view.selector(RegistryObjects.COMPONENT), RegistryObjects.PORT));
        }
        if (workload == Workload.API && !view.plan().sinks().isEmpty()) {
            // any server on the ports of the sinks, for policies know no names
            rules.add(
                    new NetworkPolicyEgressRuleBuilder()
                            .withPorts(
                                    view.plan().sinks().stream()
                                            .map(SinkPlan::port)
                                            .distinct()
                                            .sorted()
                                            .map(port -> port(new IntOrString(port)))
                                            .toList())
                            .build());
        }
        return rules;
    }

    private static NetworkPolicy store(
            PipelineView view,
            String component,
            int port,
            Predicate<Workload> uses,
            List<Map<String, String>> others) {
        List<NetworkPolicyPeer> clients =
                Stream.concat(
                                view.workloads().stream()
                                        .filter(uses)
                                        .map(workload -> view.selector(workload.text())),
                                others.stream())
                        .map(NetworkPolicies::pods)
                        .toList();
        return policy(
                view,
                component,
                new NetworkPolicyIngressRuleBuilder()
                        .withFrom(clients)
                        .withPorts(port(new IntOrString(port)))
                        .build(),
                List.of());
    }

    private static NetworkPolicy policy(
            PipelineView view,
            String component,
            NetworkPolicyIngressRule ingress,
            List<NetworkPolicyEgressRule> egress) {
        return new NetworkPolicyBuilder()
                .withMetadata(view.metadata(view.name(component), component))
                .withNewSpec()
                .withPodSelector(
                        new LabelSelectorBuilder()
                                .withMatchLabels(view.selector(component))
                                .build())
                .withPolicyTypes("Ingress", "Egress")
                .withIngress(ingress)
                .withEgress(egress)
                .endSpec()
                .build();
    }

    private static NetworkPolicyEgressRule to(Map<String, String> labels, int port) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(pods(labels))
                .withPorts(port(new IntOrString(port)))
                .build();
    }

    private static NetworkPolicyPeer pods(Map<String, String> labels) {
        return new NetworkPolicyPeerBuilder()
                .withNewPodSelector()
                .withMatchLabels(labels)
                .endPodSelector()
                .build();
    }

    private static NetworkPolicyPort port(IntOrString port) {
        return new NetworkPolicyPort(null, port, "TCP");
    }
}
