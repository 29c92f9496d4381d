package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Access;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** The Ingress. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class WayIn extends Owned<Ingress> {
    /** For the workflow. */
    public WayIn() {
        super(Ingress.class);
    }

    @Override
    Ingress desired(PipelineView view) {
        return Access.ingress(view);
    }
}
