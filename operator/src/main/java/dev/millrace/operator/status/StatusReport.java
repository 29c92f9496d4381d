package dev.millrace.operator.status;

import dev.millrace.operator.desired.Access;
import dev.millrace.operator.desired.ConnectObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.Workload;
import dev.millrace.operator.proof.Proof;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.resource.AnalyticsPipeline;
import dev.millrace.pipeline.resource.PipelineStatus;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.AggregatedOperatorException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tells in a pipeline's status and in events what became of a reconciliation. */
public final class StatusReport {
    private static final String KAFKA = "KafkaReady";
    private static final String REDIS = "RedisReady";
    private static final String MONGO = "MongoReady";
    private static final String REGISTRY = "SchemaRegistryReady";
    private static final String TABLES = "TablesCaptured";
    private static final List<String> PARTS = parts();
    private static final Check NO_ROUTE =
            Check.waiting(
                    "GatewayApiMissing",
                    "There is no HTTPRoute: install the Gateway API's CRDs, or use spec.api.ingress");

    private final AnalyticsPipeline pipeline;
    private final Context<AnalyticsPipeline> context;
    private final LastStatuses statuses;
    private final PipelineStatus before;
    private final Conditions conditions;
    private boolean missingKinds;

    /** A report on a pipeline. */
    public StatusReport(
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context,
            LastStatuses statuses,
            Clock clock) {
        this.pipeline = pipeline;
        this.context = context;
        this.statuses = statuses;
        this.before = statuses.of(pipeline);
        this.conditions =
                new Conditions(before.conditions(), pipeline.getMetadata().getGeneration(), clock);
    }

    private static List<String> parts() {
        List<String> parts =
                new ArrayList<>(
                        List.of(Conditions.PLAN_VALID, KAFKA, REDIS, MONGO, REGISTRY, TABLES));
        for (Workload workload : Workload.values()) {
            parts.add(workload.conditionType());
        }
        return List.copyOf(parts);
    }

    /** It is left alone: what is known of its parts stays, but nobody looks whether it is so. */
    public UpdateControl<AnalyticsPipeline> paused() {
        keepWhatIsKnown();
        conditions.put(
                Conditions.PAUSED,
                "True",
                "Paused",
                "Changes are not carried out; remove the annotation millrace.dev/pause to go on");
        conditions.put(
                Conditions.READY, "Unknown", "Paused", "Paused: nobody looks whether it runs");
        return publish(before.observedGeneration(), before.dashboard());
    }

    /** It cannot be run: what runs is left running. */
    public UpdateControl<AnalyticsPipeline> invalid(InvalidPipelineException e) {
        keepWhatIsKnown();
        conditions.put(Conditions.PLAN_VALID, "False", "InvalidPlan", e.getMessage());
        notPaused();
        conditions.putReady(List.of(Conditions.PLAN_VALID));
        return publish(before.dashboard());
    }

    /** Objects of a former pipeline of this name still go; they must not be taken for ours. */
    public UpdateControl<AnalyticsPipeline> replacing() {
        conditions.put(
                Conditions.READY,
                "False",
                "Replacing",
                "Waits until the objects of the former pipeline of this name are gone");
        notPaused();
        return publish(before.dashboard());
    }

    /** All was made; what it says of itself. */
    public UpdateControl<AnalyticsPipeline> reconciled(PipelineView view) {
        conditions.put(Conditions.PLAN_VALID, Check.ready("The manifest is valid"));
        Check kafka = Readiness.kafka(view, context);
        missingKinds = "StrimziMissing".equals(kafka.reason());
        conditions.put(KAFKA, kafka);
        conditions.put(REDIS, Readiness.redis(view, context));
        conditions.put(MONGO, Readiness.mongo(view, context));
        if (view.plan().hasAvro()) {
            conditions.put(REGISTRY, Readiness.registry(view, context));
        }
        if (capturesTables(view)) {
            putTables(Readiness.capture(view, context));
        }
        for (Workload workload : view.workloads()) {
            conditions.put(workload.conditionType(), Readiness.workload(view, workload, context));
        }
        if (Access.hasRoute(view)
                && context.getSecondaryResourcesAsStream(HTTPRoute.class).findAny().isEmpty()) {
            missingKinds = true;
            conditions.put(Workload.API.conditionType(), NO_ROUTE);
        }
        // not a part of Ready: a pipeline runs whatever its numbers are, and needs time to prove
        // them
        context.getSecondaryResource(Proof.class)
                .ifPresent(
                        proof ->
                                conditions.put(
                                        Proof.CONDITION,
                                        proof.verdict().status(),
                                        proof.reason(),
                                        proof.message()));
        notPaused();
        conditions.putReady(PARTS.stream().filter(part -> !isAbsent(part, view)).toList());
        return publish(
                Access.dashboardUrl(
                        view, context.getSecondaryResource(Ingress.class).orElse(null)));
    }

    /** What a database has refused is told on while its connector is begun again. */
    private void putTables(Check check) {
        boolean isKnown =
                check.reason().equals(CaptureCheck.BEGUN_AGAIN)
                        && before.conditions() != null
                        && before.conditions().stream().anyMatch(this::isRefusal);
        if (isKnown) {
            conditions.keep(TABLES);
        } else {
            conditions.put(TABLES, check);
        }
    }

    private boolean isRefusal(Condition old) {
        return old.getType().equals(TABLES)
                && old.getReason().equals(CaptureCheck.REFUSED)
                && pipeline.getMetadata().getGeneration().equals(old.getObservedGeneration());
    }

    private void keepWhatIsKnown() {
        PARTS.forEach(conditions::keep);
        conditions.keep(Proof.CONDITION);
    }

    private static boolean isAbsent(String part, PipelineView view) {
        return part.equals(Workload.ENRICHER.conditionType()) && !view.runs(Workload.ENRICHER)
                || part.equals(REGISTRY) && !view.plan().hasAvro()
                || part.equals(TABLES) && !capturesTables(view);
    }

    private static boolean capturesTables(PipelineView view) {
        return !ConnectObjects.databases(view).isEmpty();
    }

    /** Whether something that is needed is not installed in the cluster. */
    public boolean isMissingKinds() {
        return missingKinds;
    }

    /** It could not be made; it is tried again. */
    public ErrorStatusUpdateControl<AnalyticsPipeline> failed(Exception e) {
        keepWhatIsKnown();
        notPaused();
        conditions.put(Conditions.READY, "False", "ReconcileFailed", causes(e));
        UpdateControl<AnalyticsPipeline> control = publish(before.dashboard());
        return control.isNoUpdate()
                ? ErrorStatusUpdateControl.noStatusUpdate()
                : ErrorStatusUpdateControl.patchStatus(control.getResource().orElseThrow());
    }

    /** What went wrong with which part, without the stacks. */
    private static String causes(Throwable e) {
        if (e instanceof AggregatedOperatorException several) {
            return several.getAggregatedExceptions().entrySet().stream()
                    .map(cause -> cause.getKey() + ": " + causes(cause.getValue()))
                    .sorted()
                    .collect(Collectors.joining("; "));
        }
        if (e instanceof KubernetesClientException refused
                && refused.getStatus() != null
                && refused.getStatus().getMessage() != null) {
            return refused.getStatus().getMessage();
        }
        if (e.getCause() != null && e.getCause() != e) {
            return causes(e.getCause());
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private void notPaused() {
        conditions.put(Conditions.PAUSED, "False", "Running", "Changes are carried out");
    }

    private UpdateControl<AnalyticsPipeline> publish(String dashboard) {
        return publish(pipeline.getMetadata().getGeneration(), dashboard);
    }

    private UpdateControl<AnalyticsPipeline> publish(Long generation, String dashboard) {
        PipelineStatus after = new PipelineStatus(generation, conditions.list(), dashboard);
        conditions.changed().forEach(this::announce);
        statuses.put(pipeline, after);
        if (after.equals(pipeline.getStatus())) {
            return UpdateControl.noUpdate();
        }
        AnalyticsPipeline update = new AnalyticsPipeline();
        update.setMetadata(
                new ObjectMetaBuilder()
                        .withName(pipeline.getMetadata().getName())
                        .withNamespace(pipeline.getMetadata().getNamespace())
                        .build());
        update.setStatus(after);
        return UpdateControl.patchStatus(update);
    }

    private void announce(Condition condition) {
        boolean isGood =
                "True".equals(condition.getStatus())
                        != Conditions.PAUSED.equals(condition.getType());
        boolean isFirst =
                before.conditions() == null
                        || before.conditions().stream()
                                .noneMatch(old -> old.getType().equals(condition.getType()));
        if (isGood && !isFirst || Conditions.PAUSED.equals(condition.getType()) && !isGood) {
            Announcements.normal(context, pipeline, condition.getType(), condition.getMessage());
        } else if (!isGood && (!isFirst || Conditions.PLAN_VALID.equals(condition.getType()))) {
            Announcements.warning(
                    context,
                    pipeline,
                    condition.getReason(),
                    condition.getType() + ": " + condition.getMessage());
        }
    }
}
