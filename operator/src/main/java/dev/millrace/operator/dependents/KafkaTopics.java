package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.KafkaObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;
import dev.millrace.pipeline.resource.DeletionPolicy;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.strimzi.api.kafka.model.topic.KafkaTopic;

import java.util.Map;

/** The topics. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class KafkaTopics extends OwnedSet<KafkaTopic> {
    /** For the workflow. */
    public KafkaTopics() {
        super(KafkaTopic.class);
    }

    @Override
    Map<String, KafkaTopic> desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return KafkaObjects.topics(view);
    }

    /** With the volumes stay the topics, which else would take their events with them. */
    @Override
    protected void addReferenceHandlingMetadata(KafkaTopic desired, AnalyticsPipeline pipeline) {
        if (pipeline.getSpec().deletionPolicy() != DeletionPolicy.Retain) {
            super.addReferenceHandlingMetadata(desired, pipeline);
        }
    }

    /** A stream that is not declared any more takes its events with it, unless data is to stay. */
    @Override
    public void deleteTargetResource(
            AnalyticsPipeline pipeline,
            KafkaTopic topic,
            ResourceID id,
            Context<AnalyticsPipeline> context) {
        if (pipeline.getSpec().deletionPolicy() != DeletionPolicy.Retain) {
            super.deleteTargetResource(pipeline, topic, id, context);
        }
    }
}
