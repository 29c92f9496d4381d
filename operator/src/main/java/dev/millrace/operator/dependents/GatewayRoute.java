package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Access;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** The HTTPRoute. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class GatewayRoute extends Owned<HTTPRoute> {
    /** For the workflow. */
    public GatewayRoute() {
        super(HTTPRoute.class);
    }

    @Override
    HTTPRoute desired(PipelineView view) {
        return Access.route(view);
    }
}
