package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.javaoperatorsdk.operator.api.reconciler.Context;

/** The volume of a store: it grows, and stays after the pipeline where that is wanted. */
abstract class VolumeClaim extends Kept<PersistentVolumeClaim> {
    VolumeClaim() {
        super(PersistentVolumeClaim.class);
    }

    abstract PersistentVolumeClaim claim(PipelineView view);

    @Override
    PersistentVolumeClaim desired(PipelineView view, Context<AnalyticsPipeline> context) {
        PersistentVolumeClaim claim = claim(view);
        claim.getMetadata().setOwnerReferences(Owner.references(view));
        return claim;
    }

    @Override
    protected void addReferenceHandlingMetadata(
            PersistentVolumeClaim desired, AnalyticsPipeline pipeline) {
        // desired() has said whose it is
    }
}
