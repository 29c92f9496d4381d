package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.Scaling;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

import java.util.Map;

/** How many pods must stay. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class DisruptionBudgets extends OwnedSet<PodDisruptionBudget> {
    /** For the workflow. */
    public DisruptionBudgets() {
        super(PodDisruptionBudget.class);
    }

    @Override
    Map<String, PodDisruptionBudget> desired(
            PipelineView view, Context<AnalyticsPipeline> context) {
        return Scaling.budgets(view);
    }
}
