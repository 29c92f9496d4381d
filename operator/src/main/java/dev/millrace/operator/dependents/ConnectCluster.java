package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.ConnectObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.status.Readiness;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.dependent.ReconcileResult;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.strimzi.api.kafka.model.connect.KafkaConnect;

/**
 * Kafka Connect. It is made when its user and topics are there; once made it is kept as declared.
 */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class ConnectCluster extends Owned<KafkaConnect> {
    /** For the workflow. */
    public ConnectCluster() {
        super(KafkaConnect.class);
    }

    @Override
    KafkaConnect desired(PipelineView view) {
        return ConnectObjects.connect(view);
    }

    @Override
    public ReconcileResult<KafkaConnect> reconcile(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        boolean isThere = getSecondaryResource(pipeline, context).isPresent();
        if (!isThere && !Readiness.kafka(Views.of(context), context).isReady()) {
            return ReconcileResult.noOperation(null);
        }
        return super.reconcile(pipeline, context);
    }
}
