package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.MongoObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RedisObjects;
import dev.millrace.operator.desired.Workload;
import dev.millrace.operator.desired.WorkloadDeployment;
import dev.millrace.operator.status.Announcements;
import dev.millrace.operator.status.Readiness;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A workload. It is made when its servers are ready, for its pods could not start without their
 * passwords; once made it is kept as declared, whatever becomes of the servers.
 */
abstract class RunningWorkload extends Owned<Deployment> {
    private final Workload workload;

    RunningWorkload(Workload workload) {
        super(Deployment.class);
        this.workload = workload;
    }

    @Override
    Deployment desired(PipelineView view) {
        throw new IllegalStateException("the passwords are part of it");
    }

    @Override
    protected Deployment desired(AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        PipelineView view = Views.of(context);
        List<Secret> secrets = new ArrayList<>();
        if (workload.usesRedis() && view.hasRedis()) {
            secrets.add(Secrets.named(context, RedisObjects.name(view)));
        }
        if (workload.usesMongo() && view.hasMongo()) {
            secrets.add(Secrets.named(context, MongoObjects.name(view)));
        }
        Deployment deployment = WorkloadDeployment.of(view, workload, secrets);
        if (deployment.getSpec().getReplicas() == null) {
            // an autoscaler decides; left out, the number would fall to 1 until it has
            String name = deployment.getMetadata().getName();
            context.getSecondaryResourcesAsStream(Deployment.class)
                    .filter(actual -> actual.getMetadata().getName().equals(name))
                    .findFirst()
                    .map(actual -> actual.getSpec().getReplicas())
                    .ifPresent(deployment.getSpec()::setReplicas);
        }
        return deployment;
    }

    @Override
    public ReconcileResult<Deployment> reconcile(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        boolean isThere = getSecondaryResource(pipeline, context).isPresent();
        if (!isThere && !Readiness.canStart(Views.of(context), workload, context)) {
            return ReconcileResult.noOperation(null);
        }
        return super.reconcile(pipeline, context);
    }

    @Override
    public Deployment update(
            Deployment actual,
            Deployment desired,
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context) {
        Set<RestartReason> reasons = RestartReason.between(actual, desired);
        Deployment updated = super.update(actual, desired, pipeline, context);
        if (!reasons.isEmpty()) {
            Announcements.normal(
                    context,
                    pipeline,
                    reasons.iterator().next().name(),
                    "The %s restarts: %s"
                            .formatted(
                                    workload.text(),
                                    reasons.stream()
                                            .map(RestartReason::text)
                                            .collect(Collectors.joining(", "))));
        }
        return updated;
    }

    @Override
    public Result<Deployment> match(
            Deployment actual,
            Deployment desired,
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context) {
        return Amounts.areTakenAway(actual.getSpec().getTemplate(), desired.getSpec().getTemplate())
                ? Result.nonComputed(false)
                : super.match(actual, desired, pipeline, context);
    }
}
