package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;
import io.strimzi.api.kafka.model.podset.StrimziPodSet;

import java.util.Optional;
import java.util.Set;

/**
 * The brokers' pods, which Strimzi makes and which are only looked at: a Kafka says for minutes
 * that it is ready after its pods have gone.
 */
@KubernetesDependent(
        informer =
                @Informer(labelSelector = PipelineView.PIPELINE_LABEL + ",strimzi.io/kind=Kafka"))
public class KafkaPods extends KubernetesDependentResource<StrimziPodSet, AnalyticsPipeline> {
    /** For the workflow. */
    public KafkaPods() {
        super(StrimziPodSet.class);
    }

    @Override
    protected Optional<StrimziPodSet> selectTargetSecondaryResource(
            Set<StrimziPodSet> sets,
            AnalyticsPipeline pipeline,
            Context<AnalyticsPipeline> context) {
        return sets.stream().findFirst();
    }

    @Override
    protected Optional<SecondaryToPrimaryMapper<StrimziPodSet>> getSecondaryToPrimaryMapper(
            EventSourceContext<AnalyticsPipeline> context) {
        return Optional.of(EventSources::pipeline);
    }
}
