package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.ConnectObjects;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.ConfigMap;

/** What the metrics of Kafka Connect are called. */
public class ConnectMetricsConfig extends Owned<ConfigMap> {
    /** For the workflow. */
    public ConnectMetricsConfig() {
        super(ConfigMap.class);
    }

    @Override
    ConfigMap desired(PipelineView view) {
        return ConnectObjects.metrics(view);
    }
}
