package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.KafkaObjects;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.ConfigMap;

/** What Kafka's metrics are called. */
public class KafkaMetricsConfig extends Owned<ConfigMap> {
    /** For the workflow. */
    public KafkaMetricsConfig() {
        super(ConfigMap.class);
    }

    @Override
    ConfigMap desired(PipelineView view) {
        return KafkaObjects.metrics(view);
    }
}
