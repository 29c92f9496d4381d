package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RegistryObjects;

import io.fabric8.kubernetes.api.model.Service;

/** The registry's address. */
public class RegistryService extends Owned<Service> {
    /** For the workflow. */
    public RegistryService() {
        super(Service.class);
    }

    @Override
    Service desired(PipelineView view) {
        return RegistryObjects.service(view);
    }
}
