package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Access;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** The account of the workloads. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class WorkloadAccount extends Owned<ServiceAccount> {
    /** For the workflow. */
    public WorkloadAccount() {
        super(ServiceAccount.class);
    }

    @Override
    ServiceAccount desired(PipelineView view) {
        return Access.serviceAccount(view);
    }
}
