package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.ConnectObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.status.Readiness;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.strimzi.api.kafka.model.connector.KafkaConnector;

import java.util.Map;

/** What follows each database. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class Connectors extends OwnedSet<KafkaConnector> {
    /** For the workflow. */
    public Connectors() {
        super(KafkaConnector.class);
    }

    @Override
    Map<String, KafkaConnector> desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return ConnectObjects.connectors(view, Readiness.topics(context));
    }
}
