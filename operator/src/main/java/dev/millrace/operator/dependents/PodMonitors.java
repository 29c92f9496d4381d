package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Monitoring;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.PodMonitor;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

import java.util.Map;

/** Where the metrics are. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class PodMonitors extends OwnedSet<PodMonitor> {
    /** For the workflow. */
    public PodMonitors() {
        super(PodMonitor.class);
    }

    @Override
    Map<String, PodMonitor> desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return Monitoring.podMonitors(view);
    }
}
