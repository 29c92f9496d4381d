package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Workload;

/** The maker of streams from others. */
public class EnricherDeployment extends RunningWorkload {
    /** For the workflow. */
    public EnricherDeployment() {
        super(Workload.ENRICHER);
    }
}
