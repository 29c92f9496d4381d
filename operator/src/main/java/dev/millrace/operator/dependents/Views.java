package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The pipeline as the objects see it, made once for each reconciliation. */
public final class Views {
    private Views() {}

    /** Remembers it for this reconciliation. */
    public static void put(Context<AnalyticsPipeline> context, PipelineView view) {
        context.managedWorkflowAndDependentResourceContext().put(PipelineView.class, view);
    }

    /** The one of this reconciliation. */
    public static PipelineView of(Context<AnalyticsPipeline> context) {
        return context.managedWorkflowAndDependentResourceContext()
                .getMandatory(PipelineView.class, PipelineView.class);
    }
}
