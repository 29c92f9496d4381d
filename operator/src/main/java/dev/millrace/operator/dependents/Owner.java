package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

import java.util.List;

/** Whom data goes with. */
final class Owner {
    private Owner() {}

    /** The pipeline, or nobody where data is to stay. */
    static List<OwnerReference> references(PipelineView view) {
        if (view.retainsData()) {
            return List.of();
        }
        return List.of(
                new OwnerReferenceBuilder()
                        .withApiVersion(view.resource().getApiVersion())
                        .withKind(view.resource().getKind())
                        .withName(view.name())
                        .withUid(view.resource().getMetadata().getUid())
                        .build());
    }
}
