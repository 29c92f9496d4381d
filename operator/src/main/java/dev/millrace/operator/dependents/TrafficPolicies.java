package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.NetworkPolicies;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

import java.util.Map;

/** Who may talk to whom. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class TrafficPolicies extends OwnedSet<NetworkPolicy> {
    /** For the workflow. */
    public TrafficPolicies() {
        super(NetworkPolicy.class);
    }

    @Override
    Map<String, NetworkPolicy> desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return NetworkPolicies.of(view);
    }
}
