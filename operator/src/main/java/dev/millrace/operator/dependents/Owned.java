package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;

import java.util.Optional;

/** An object that can be made again at any time: it goes when it is not wanted any more. */
abstract class Owned<R extends HasMetadata>
        extends CRUDKubernetesDependentResource<R, AnalyticsPipeline> {
    Owned(Class<R> type) {
        super(type);
    }

    abstract R desired(PipelineView view);

    @Override
    protected R desired(AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        return desired(Views.of(context));
    }

    @Override
    protected Optional<SecondaryToPrimaryMapper<R>> getSecondaryToPrimaryMapper(
            EventSourceContext<AnalyticsPipeline> context) {
        return Optional.of(EventSources::pipeline);
    }
}
