package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.dependent.GarbageCollected;
import io.javaoperatorsdk.operator.processing.dependent.CRUDKubernetesBulkDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.KubernetesBulkDependentResource;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependentResource;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.SecondaryToPrimaryMapper;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Objects of one kind, as many as the pipeline wants: those that it does not want any more go. */
abstract class OwnedSet<R extends HasMetadata>
        extends KubernetesDependentResource<R, AnalyticsPipeline>
        implements CRUDKubernetesBulkDependentResource<R, AnalyticsPipeline>,
                KubernetesBulkDependentResource<R, AnalyticsPipeline>,
                GarbageCollected<AnalyticsPipeline> {
    OwnedSet(Class<R> type) {
        super(type);
    }

    abstract Map<String, R> desired(PipelineView view, Context<AnalyticsPipeline> context);

    @Override
    public Map<ResourceID, R> desiredResources(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        Map<ResourceID, R> objects = new LinkedHashMap<>();
        desired(Views.of(context), context)
                .values()
                .forEach(object -> objects.put(ResourceID.fromResource(object), object));
        return objects;
    }

    @Override
    protected Optional<SecondaryToPrimaryMapper<R>> getSecondaryToPrimaryMapper(
            EventSourceContext<AnalyticsPipeline> context) {
        return Optional.of(EventSources::pipeline);
    }
}
