package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.dependent.Creator;
import io.javaoperatorsdk.operator.processing.dependent.Updater;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;

import java.util.Optional;

/** An object that data depends on: the operator never deletes it. It goes with the pipeline. */
abstract class Kept<R extends HasMetadata> extends KubernetesDependentResource<R, AnalyticsPipeline>
        implements Creator<R, AnalyticsPipeline>, Updater<R, AnalyticsPipeline> {
    Kept(Class<R> type) {
        super(type);
    }

    abstract R desired(PipelineView view, Context<AnalyticsPipeline> context);

    @Override
    protected R desired(AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        return desired(Views.of(context), context);
    }

    @Override
    protected boolean addOwnerReference() {
        return true;
    }

    @Override
    protected Optional<SecondaryToPrimaryMapper<R>> getSecondaryToPrimaryMapper(
            EventSourceContext<AnalyticsPipeline> context) {
        return Optional.of(EventSources::pipeline);
    }
}
