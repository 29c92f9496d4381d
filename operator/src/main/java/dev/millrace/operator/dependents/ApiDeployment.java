package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Workload;

/** What answers. */
public class ApiDeployment extends RunningWorkload {
    /** For the workflow. */
    public ApiDeployment() {
        super(Workload.API);
    }
}
