package dev.millrace.operator.desired;

import dev.millrace.pipeline.plan.ViewPlan;
import dev.millrace.pipeline.resource.IngressSpec;
import dev.millrace.pipeline.resource.RouteSpec;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRule;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPathBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.IngressBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.IngressTLSBuilder;

import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The ways in: events go to the collector, everything else to the API. */
public final class Access {
    private static final String COMPONENT = "pipeline";
    private static final int PORT = 80;

    /** Compared element by element: the API's {@code /api/v1/stream} is another path. */
    private static final List<String> COLLECTOR = List.of("/api/v1/events", "/api/v1/streams");

    private Access() {}

    /** The account of the workloads, which may do nothing. */
    public static String serviceAccountName(PipelineView view) {
        return view.name(COMPONENT);
    }

    /** The account of the workloads. */
    public static ServiceAccount serviceAccount(PipelineView view) {
        return new ServiceAccountBuilder()
                .withMetadata(view.metadata(serviceAccountName(view), COMPONENT))
                .withAutomountServiceAccountToken(false)
                .build();
    }

    /** The address of a workload within the cluster. */
    public static Service service(PipelineView view, Workload workload) {
        return new ServiceBuilder()
                .withMetadata(view.metadata(view.name(workload), workload.text()))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(view.selector(workload.text()))
                .addNewPort()
                .withName(WorkloadDeployment.PORT_NAME)
                .withPort(PORT)
                .withProtocol("TCP")
                .withTargetPort(new IntOrString(WorkloadDeployment.PORT_NAME))
                .endPort()
                .endSpec()
                .build();
    }

    /** Whether an Ingress is wanted. */
    public static boolean hasIngress(PipelineView view) {
        return view.spec().api() != null && view.spec().api().ingress() != null;
    }

    /** Whether an HTTPRoute is wanted. */
    public static boolean hasRoute(PipelineView view) {
        return view.spec().api() != null && view.spec().api().route() != null;
    }

    /** The Ingress; where none is wanted, the one to take away. */
    public static Ingress ingress(PipelineView view) {
        IngressSpec spec =
                hasIngress(view)
                        ? view.spec().api().ingress()
                        : new IngressSpec(null, null, null, null);
        IngressBuilder ingress =
                new IngressBuilder()
                        .withMetadata(view.metadata(view.name(), COMPONENT))
                        .withNewSpec()
                        .withIngressClassName(spec.className())
                        .addNewRule()
                        .withHost(spec.host())
                        .withNewHttp()
                        .addAllToPaths(
                                COLLECTOR.stream()
                                        .map(path -> path(view, path, Workload.PRODUCER))
                                        .toList())
                        .addAllToPaths(
                                api(view).stream()
                                        .map(path -> path(view, path, Workload.API))
                                        .toList())
                        .addToPaths(exactly("/", path(view, "/", Workload.API)))
                        .endHttp()
                        .endRule()
                        .endSpec();
        if (spec.tlsSecret() != null) {
            ingress.editSpec()
                    .withTls(
                            new IngressTLSBuilder()
                                    .withHosts(spec.host() == null ? null : List.of(spec.host()))
                                    .withSecretName(spec.tlsSecret())
                                    .build())
                    .endSpec();
        }
        Ingress built = ingress.build();
        if (spec.annotations() != null) {
            built.getMetadata().setAnnotations(new TreeMap<>(spec.annotations()));
        }
        return built;
    }

    /** What the API shows to everybody; health and metrics are for the cluster alone. */
    private static List<String> api(PipelineView view) {
        return Stream.concat(
                        Stream.of("/api", "/dashboard", "/openapi.json"),
                        view.plan().views().stream().map(ViewPlan::path))
                .distinct()
                .toList();
    }

    private static HTTPIngressPath exactly(String path, HTTPIngressPath way) {
        way.setPath(path);
        way.setPathType("Exact");
        return way;
    }

    private static HTTPIngressPath path(PipelineView view, String path, Workload workload) {
        return new HTTPIngressPathBuilder()
                .withPath(path)
                .withPathType("Prefix")
                .withNewBackend()
                .withNewService()
                .withName(view.name(workload))
                .withNewPort()
                .withName(WorkloadDeployment.PORT_NAME)
                .endPort()
                .endService()
                .endBackend()
                .build();
    }

    /** The HTTPRoute; where none is wanted, the one to take away. */
    public static HTTPRoute route(PipelineView view) {
        RouteSpec spec =
                hasRoute(view) ? view.spec().api().route() : new RouteSpec(null, null, null);
        return new HTTPRouteBuilder()
                .withMetadata(view.metadata(view.name(), COMPONENT))
                .withNewSpec()
                .addNewParentRef()
                .withGroup("gateway.networking.k8s.io")
                .withKind("Gateway")
                .withName(spec.gateway())
                .withNamespace(spec.namespace())
                .endParentRef()
                .withHostnames(spec.host() == null ? null : List.of(spec.host()))
                .withRules(
                        rule(view, COLLECTOR, Workload.PRODUCER),
                        rule(view, api(view), Workload.API),
                        root(view))
                .endSpec()
                .build();
    }

    private static HTTPRouteRule rule(PipelineView view, List<String> paths, Workload workload) {
        HTTPRouteRuleBuilder rule = new HTTPRouteRuleBuilder();
        paths.forEach(
                path ->
                        rule.addNewMatch()
                                .withNewPath()
                                .withType("PathPrefix")
                                .withValue(path)
                                .endPath()
                                .endMatch());
        return rule.addNewBackendRef()
                .withGroup("")
                .withKind("Service")
                .withName(view.name(workload))
                .withPort(PORT)
                .withWeight(1)
                .endBackendRef()
                .build();
    }

    private static HTTPRouteRule root(PipelineView view) {
        HTTPRouteRule rule = rule(view, List.of("/"), Workload.API);
        rule.getMatches().getFirst().getPath().setType("Exact");
        return rule;
    }

    /**
     * Where people find the dashboard; {@code null} where there is no way in from outside, or it is
     * not known yet.
     *
     * @param ingress the Ingress as it is; {@code null} for none
     */
    public static String dashboardUrl(PipelineView view, Ingress ingress) {
        if (hasIngress(view)) {
            IngressSpec spec = view.spec().api().ingress();
            String host = spec.host() == null ? address(ingress) : spec.host();
            return host == null || host.startsWith("*")
                    ? null
                    : url(spec.tlsSecret() == null ? "http" : "https", host);
        }
        return hasRoute(view)
                        && view.spec().api().route().host() != null
                        && !view.spec().api().route().host().startsWith("*")
                ? url("http", view.spec().api().route().host())
                : null;
    }

    private static String url(String scheme, String host) {
        return scheme + "://" + host + "/dashboard/";
    }

    private static String address(Ingress ingress) {
        if (ingress == null
                || ingress.getStatus() == null
                || ingress.getStatus().getLoadBalancer() == null) {
            return null;
        }
        return ingress.getStatus().getLoadBalancer().getIngress().stream()
                .map(at -> at.getHostname() == null ? at.getIp() : at.getHostname())
                .findFirst()
                .orElse(null);
    }
}
