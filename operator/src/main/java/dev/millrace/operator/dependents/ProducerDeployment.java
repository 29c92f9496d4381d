package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Workload;

/** Collector and generator. */
public class ProducerDeployment extends RunningWorkload {
    /** For the workflow. */
    public ProducerDeployment() {
        super(Workload.PRODUCER);
    }
}
