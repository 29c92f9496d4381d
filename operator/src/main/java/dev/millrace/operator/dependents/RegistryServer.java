package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RegistryObjects;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The schema registry. */
public class RegistryServer extends Kept<StatefulSet> {
    /** For the workflow. */
    public RegistryServer() {
        super(StatefulSet.class);
    }

    @Override
    StatefulSet desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return RegistryObjects.server(view);
    }

    @Override
    public Result<StatefulSet> match(
            StatefulSet actual,
            StatefulSet desired,
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context) {
        return Amounts.areTakenAway(actual.getSpec().getTemplate(), desired.getSpec().getTemplate())
                ? Result.nonComputed(false)
                : super.match(actual, desired, pipeline, context);
    }
}
