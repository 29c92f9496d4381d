package dev.millrace.operator.reconciler;

import dev.millrace.operator.dependents.Views;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.DependentResource;
import io.javaoperatorsdk.operator.processing.dependent.workflow.Condition;

/** Whether tables are captured from databases. */
public class TablesCaptured implements Condition<HasMetadata, AnalyticsPipeline> {
    @Override
    public boolean isMet(
            DependentResource<HasMetadata, AnalyticsPipeline> dependent,
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context) {
        return Views.of(context).captures();
    }
}
