package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.KafkaObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;
import dev.millrace.pipeline.resource.DeletionPolicy;

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

    /** Without it Strimzi would not look after a Kafka that stays. */
    @Override
    protected void addReferenceHandlingMetadata(ConfigMap desired, AnalyticsPipeline pipeline) {
        if (pipeline.getSpec().deletionPolicy() != DeletionPolicy.Retain) {
            super.addReferenceHandlingMetadata(desired, pipeline);
        }
    }
}
