package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.Scaling;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

import java.util.Map;

/** How many pods workloads have. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class Autoscalers extends OwnedSet<HorizontalPodAutoscaler> {
    /** For the workflow. */
    public Autoscalers() {
        super(HorizontalPodAutoscaler.class);
    }

    @Override
    Map<String, HorizontalPodAutoscaler> desired(
            PipelineView view, Context<AnalyticsPipeline> context) {
        return Scaling.autoscalers(view);
    }
}
