package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.KafkaObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;
import dev.millrace.pipeline.resource.DeletionPolicy;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.strimzi.api.kafka.model.kafka.Kafka;

/** The Kafka. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class KafkaCluster extends Kept<Kafka> {
    /** For the workflow. */
    public KafkaCluster() {
        super(Kafka.class);
    }

    @Override
    Kafka desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return KafkaObjects.kafka(view);
    }

    /**
     * Brokers find their volumes only as the Kafka that they were: with its data it stays whole.
     */
    @Override
    protected void addReferenceHandlingMetadata(Kafka desired, AnalyticsPipeline pipeline) {
        if (pipeline.getSpec().deletionPolicy() != DeletionPolicy.Retain) {
            super.addReferenceHandlingMetadata(desired, pipeline);
        }
    }
}
