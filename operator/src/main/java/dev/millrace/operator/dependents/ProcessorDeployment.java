package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Workload;

/** What counts. */
public class ProcessorDeployment extends RunningWorkload {
    /** For the workflow. */
    public ProcessorDeployment() {
        super(Workload.PROCESSOR);
    }
}
