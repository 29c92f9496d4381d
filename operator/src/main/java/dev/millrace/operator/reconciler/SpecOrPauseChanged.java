package dev.millrace.operator.reconciler;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;

import java.util.Map;
import java.util.Objects;

/**
 * Whether a change of a pipeline is to be carried out. A pause is an annotation, of which
 * generations know nothing; the operator's own changes of the status are nothing to look at.
 */
public class SpecOrPauseChanged implements OnUpdateFilter<AnalyticsPipeline> {
    @Override
    public boolean accept(AnalyticsPipeline now, AnalyticsPipeline before) {
        return !Objects.equals(
                        now.getMetadata().getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(pause(now.getMetadata()), pause(before.getMetadata()))
                || now.isMarkedForDeletion();
    }

    private static String pause(ObjectMeta metadata) {
        Map<String, String> annotations = metadata.getAnnotations();
        return annotations == null ? null : annotations.get(AnalyticsPipelineReconciler.PAUSE);
    }
}
