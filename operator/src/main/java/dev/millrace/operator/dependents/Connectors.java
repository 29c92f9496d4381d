package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.ConnectObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.status.Readiness;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.strimzi.api.kafka.model.connector.KafkaConnector;

import java.util.Map;

/**
 * What follows each database. They are left alone while it is not known which topics are there, as
 * when the operator has just started: a connector that is deleted loses what it was reading.
 */
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

    @Override
    public ReconcileResult<KafkaConnector> reconcile(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        boolean known = ConnectObjects.isEachNamed(Views.of(context), Readiness.topics(context));
        return known ? super.reconcile(pipeline, context) : ReconcileResult.noOperation(null);
    }
}
