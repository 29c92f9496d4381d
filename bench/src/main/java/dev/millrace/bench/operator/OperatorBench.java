package dev.millrace.bench.operator;

import dev.millrace.bench.ScratchFolder;
import dev.millrace.bench.operator.AuditLog.Request;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Measures the operator on a real API server and etcd, without what makes pods: how long it takes
 * for many pipelines, what it takes, how often it writes, and what it writes when nothing changes.
 *
 * <p>Arguments: {@code ROOT OPERATOR_JAR STRIMZI_CRDS [PIPELINES [MINUTES]]}, by default 200
 * pipelines and 10 minutes of rest. The programs are in the folder {@code KUBEBUILDER_ASSETS}.
 */
final class OperatorBench {
    private static final String ASSETS = "KUBEBUILDER_ASSETS";
    private static final String MADE_BY_OPERATOR = "app.kubernetes.io/managed-by=millrace";

    /** The operator has so many threads for requests, and its equal sends as many at a time. */
    private static final int CONCURRENCY = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path root;
    private final Path jar;
    private final Path folder;
    private final ApiServer server;
    private final KubernetesApi api;
    private final AuditLog log;
    private final Controllers controllers;
    private final PipelineApis apis;

    private OperatorBench(Path root, Path jar, Path folder, ApiServer server, PipelineApis apis) {
        this.root = root;
        this.jar = jar;
        this.folder = folder;
        this.server = server;
        this.apis = apis;
        this.api = server.admin();
        this.log = new AuditLog(server.auditLog());
        this.controllers = new Controllers(api, MADE_BY_OPERATOR, CONCURRENCY);
    }

    /** Measures, and prints tables. */
    static void main(String[] args) throws Exception {
        Path programs = Path.of(System.getenv().getOrDefault(ASSETS, "."));
        if (!Files.isExecutable(programs.resolve("kube-apiserver"))
                || !Files.isExecutable(programs.resolve("etcd"))
                || !Files.isReadable(Path.of("/proc/self/status"))) {
            System.err.printf(
                    "bench: it needs Linux, kube-apiserver and etcd. Set %s to the folder that holds"
                            + " them; \"setup-envtest use -p path\" downloads them and prints it%n",
                    ASSETS);
            System.exit(1);
        }
        int pipelines = args.length > 3 ? Integer.parseInt(args[3]) : 200;
        int minutes = args.length > 4 ? Integer.parseInt(args[4]) : 10;
        try (var folder = ScratchFolder.make();
                var apis = new PipelineApis();
                var server = new ApiServer(programs, folder.path())) {
            new OperatorBench(Path.of(args[0]), Path.of(args[1]), folder.path(), server, apis)
                    .measure(Path.of(args[2]), pipelines, Duration.ofMinutes(minutes));
        }
    }

    private void measure(Path strimziCrds, int count, Duration rest) throws Exception {
        install(strimziCrds);
        ObjectNode like = Manifests.read(root.resolve("k8s/clickstream.yaml")).getFirst();
        try (var operator = startOperator("operator.log")) {
            print("One pipeline, which warms up the operator");
            List<ObjectNode> made = first(like, operator);

            print("%d objects by hand, %d at a time", made.size() * count, CONCURRENCY);
            List<ObjectNode> byHand = Manifests.byHand(made, count);
            long begun = System.nanoTime();
            KubernetesApi.each(byHand, CONCURRENCY, api::apply);
            double byHandTook = seconds(begun);
            row("all exist", "%.1f s", byHandTook);
            row("objects a second", "%.0f", byHand.size() / byHandTook);

            many(like, made, count, operator);
            long proving = System.nanoTime();
            await(() -> areTrue("NumbersProven") == count + 1, "all numbers being proven");
            row("all numbers are proven, since then", "%.1f s", seconds(proving));
            operator.awaitIdle();
            print("The operator, with %d pipelines", count + 1);
            row("resident", "%d MiB", operator.mebibytes("VmRSS"));
            row("resident at most", "%d MiB", operator.mebibytes("VmHWM"));
            row("heap in use", "%d MiB", operator.liveHeap());
            row("resident after a full collection", "%d MiB", operator.mebibytes("VmRSS"));

            print("%d minutes of rest", rest.toMinutes());
            int before = log.requests().size();
            int asked = apis.asked();
            Duration processor = operator.processorTime();
            Thread.sleep(rest);
            operator.requireAlive();
            atRest(log.since(before));
            row("APIs asked for their proof", "%d", apis.asked() - asked);
            row(
                    "processor time",
                    "%.1f s",
                    operator.processorTime().minus(processor).toMillis() / 1e3);
        }
        int before = log.requests().size();
        try (var operator = startOperator("operator-again.log")) {
            print("A restart, which looks at every pipeline anew");
            operator.awaitIdle();
            atRest(log.since(before));
            row("processor time", "%.1f s", operator.processorTime().toMillis() / 1e3);
            row("resident", "%d MiB", operator.mebibytes("VmRSS"));
        }
    }

    /**
     * What is there before the operator: kinds, namespaces, and the rights that the chart gives.
     */
    private void install(Path strimziCrds) throws IOException, InterruptedException {
        for (Path crds :
                List.of(
                        root.resolve("crds"),
                        strimziCrds,
                        root.resolve("operator/src/test/resources/other-crds"))) {
            Manifests.readAll(crds).forEach(api::apply);
        }
        api.apply(Manifests.namespace("millrace-system"));
        for (int i = 0; i < Manifests.NAMESPACES; i++) {
            api.apply(Manifests.namespace(Manifests.namespaceOf(i)));
        }
        Manifests.read(root.resolve("helm/tests/defaults/expected.yaml")).stream()
                .filter(object -> object.path("kind").asString().contains("Role"))
                .forEach(api::apply);
        for (Kind kind : Kind.values()) {
            await(() -> api.answers(kind.path() + "?limit=1"), kind + " being served");
        }
    }

    private OperatorProcess startOperator(String file) throws IOException, InterruptedException {
        var operator =
                new OperatorProcess(
                        jar, server.operatorConfig(), apis.address(), folder.resolve(file));
        operator.awaitStarted();
        return operator;
    }

    /** Has one pipeline made, and returns all that was made for it. */
    private List<ObjectNode> first(ObjectNode like, OperatorProcess operator) throws Exception {
        int before = log.requests().size();
        long begun = System.nanoTime();
        Manifests.pipelines(like, 0, 1).forEach(api::apply);
        operator.awaitIdle();
        long servers = count(before, Request::isMade);
        controllers.makeServersReady();
        await(() -> hasDeployments(1), "the workloads of the first pipeline");
        controllers.makeWorkloadsReady();
        await(() -> ready() == 1, "the first pipeline getting ready");
        operator.awaitIdle();
        List<ObjectNode> made = made();
        row("objects before its servers are ready", "%d", servers);
        row("objects", "%d", made.size());
        writes(log.since(before), 1);
        row("time, most of it waiting for rest", "%.0f s", seconds(begun));
        return made;
    }

    private void many(ObjectNode like, List<ObjectNode> first, int count, OperatorProcess operator)
            throws Exception {
        print("%d pipelines by the operator", count);
        int workloads = (int) first.stream().filter(o -> isOf(o, Kind.DEPLOYMENT)).count();
        int objects = first.size() * count;
        int before = log.requests().size();
        Duration processor = operator.processorTime();
        long begun = System.nanoTime();
        KubernetesApi.each(Manifests.pipelines(like, 1, count + 1), CONCURRENCY, api::apply);
        row("resources applied", "%.1f s", seconds(begun));
        long withoutWorkloads = objects - (long) workloads * count;
        await(
                () -> count(before, Request::isMade) >= withoutWorkloads,
                withoutWorkloads + " objects");
        row("all objects but Deployments exist", "%.1f s", seconds(begun));
        row("objects a second", "%.0f", withoutWorkloads / seconds(begun));

        begun = System.nanoTime();
        int statuses = controllers.makeServersReady();
        Instant serversReady = Instant.now();
        row(
                "%d statuses of servers set by the bench".formatted(statuses),
                "%.1f s",
                seconds(begun));
        await(() -> count(before, Request::isMade) >= objects, objects + " objects");
        row("all Deployments exist, since then", "%.1f s", since(serversReady));
        begun = System.nanoTime();
        statuses = controllers.makeWorkloadsReady();
        Instant workloadsReady = Instant.now();
        row("%d statuses of Deployments set".formatted(statuses), "%.1f s", seconds(begun));
        await(() -> ready() == count + 1, "all pipelines getting ready");
        row("all pipelines are Ready, since then", "%.1f s", since(workloadsReady));
        operator.awaitIdle();
        row(
                "processor time of the operator",
                "%.1f s",
                operator.processorTime().minus(processor).toMillis() / 1e3);
        int there = made().size() - first.size();
        row("objects that exist, of %d".formatted(objects), "%d", there);
        writes(log.since(before), count);
    }

    private static boolean isOf(JsonNode object, Kind kind) {
        return Kind.of(object.path("kind").asString()) == kind;
    }

    private boolean hasDeployments(int pipelines) {
        return api.list(Kind.DEPLOYMENT, MADE_BY_OPERATOR).size() >= 4 * pipelines;
    }

    /** All that the operator made. */
    private List<ObjectNode> made() {
        List<ObjectNode> made = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (kind.isMade()) {
                made.addAll(api.list(kind, MADE_BY_OPERATOR));
            }
        }
        return made;
    }

    /** How many pipelines say that they are ready. */
    private long ready() {
        return areTrue("Ready");
    }

    /** Of how many pipelines a condition is true. */
    private long areTrue(String type) {
        return api.list(Kind.PIPELINE, "").stream().filter(one -> isTrue(one, type)).count();
    }

    private static boolean isTrue(JsonNode pipeline, String type) {
        for (JsonNode condition : pipeline.at("/status/conditions")) {
            if (condition.path("type").asString().equals(type)) {
                return condition.path("status").asString().equals("True");
            }
        }
        return false;
    }

    private long count(int before, Predicate<Request> which) throws IOException {
        return log.since(before).stream().filter(which).count();
    }

    private static void writes(List<Request> requests, int pipelines) {
        double each = pipelines;
        row(
                "writes for each pipeline",
                "%.2f",
                count(requests, r -> r.isWrite() && !r.isLease()) / each);
        row("  that made an object", "%.2f", count(requests, Request::isMade) / each);
        row("  of its status", "%.2f", count(requests, Request::isStatus) / each);
        row("  of events", "%.2f", count(requests, Request::isEvent) / each);
        row("  of objects that were there", "%.2f", count(requests, Request::isRewrite) / each);
        row("  that were refused", "%.2f", count(requests, Request::isRefused) / each);
        show(requests, request -> request.isRewrite() || request.isRefused());
    }

    private static void atRest(List<Request> requests) {
        row("writes but of the lease", "%d", count(requests, r -> r.isWrite() && !r.isLease()));
        row("writes of the lease", "%d", count(requests, r -> r.isWrite() && r.isLease()));
        row("watches begun again", "%d", count(requests, r -> r.verb().equals("watch")));
        row("lists", "%d", count(requests, r -> r.verb().equals("list")));
        show(requests, request -> request.isWrite() && !request.isLease());
    }

    /** Tells what was written, alike ones together. */
    private static void show(List<Request> requests, Predicate<Request> which) {
        Map<String, Long> alike =
                requests.stream()
                        .filter(which)
                        .collect(
                                Collectors.groupingBy(
                                        OperatorBench::likeness,
                                        TreeMap::new,
                                        Collectors.counting()));
        alike.forEach((text, number) -> System.out.printf("      %6d × %s%n", number, text));
    }

    private static String likeness(Request request) {
        return "%s %s → %d"
                .formatted(
                        request.verb(),
                        request.uri().replaceAll("bench-\\d", "NS").replaceAll("-\\d{4}", "-N"),
                        request.code());
    }

    private static long count(List<Request> requests, Predicate<Request> which) {
        return requests.stream().filter(which).count();
    }

    private interface Check {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(Check check, String what) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!check.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("In vain waited for " + what);
            }
            Thread.sleep(250);
        }
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    private static double since(Instant begun) {
        return Duration.between(begun, Instant.now()).toMillis() / 1e3;
    }

    private static void print(String text, Object... values) {
        System.out.printf("%n%s%n", text.formatted(values));
    }

    private static void row(String what, String format, Object... values) {
        System.out.printf("  %-42s %12s%n", what, format.formatted(values));
    }
}
