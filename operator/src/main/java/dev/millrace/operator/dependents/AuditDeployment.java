package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Workload;

/** What records. */
public class AuditDeployment extends RunningWorkload {
    /** For the workflow. */
    public AuditDeployment() {
        super(Workload.AUDIT);
    }
}
