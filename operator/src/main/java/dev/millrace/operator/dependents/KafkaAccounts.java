package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.KafkaUsers;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.strimzi.api.kafka.model.user.KafkaUser;

import java.util.Map;

/** The workloads' users of Kafka. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class KafkaAccounts extends OwnedSet<KafkaUser> {
    /** For the workflow. */
    public KafkaAccounts() {
        super(KafkaUser.class);
    }

    @Override
    Map<String, KafkaUser> desired(PipelineView view, Context<AnalyticsPipeline> context) {
        return KafkaUsers.of(view);
    }
}
