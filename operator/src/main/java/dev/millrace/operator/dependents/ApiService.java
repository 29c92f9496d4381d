package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Access;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.Workload;

import io.fabric8.kubernetes.api.model.Service;

/** The API's address. */
public class ApiService extends Owned<Service> {
    /** For the workflow. */
    public ApiService() {
        super(Service.class);
    }

    @Override
    Service desired(PipelineView view) {
        return Access.service(view, Workload.API);
    }
}
