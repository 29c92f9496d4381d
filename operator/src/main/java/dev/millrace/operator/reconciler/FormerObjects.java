package dev.millrace.operator.reconciler;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.reconciler.Context;

import java.util.List;

/**
 * Whether objects of a deleted pipeline of the same name are still there: they are being collected,
 * and a password or volume of theirs must not be taken over half. What was retained has no owner.
 */
final class FormerObjects {
    private static final List<Class<? extends HasMetadata>> KINDS =
            List.of(
                    Secret.class,
                    PersistentVolumeClaim.class,
                    StatefulSet.class,
                    Deployment.class,
                    ConfigMap.class,
                    Service.class);

    private FormerObjects() {}

    static boolean remain(AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        String uid = pipeline.getMetadata().getUid();
        return KINDS.stream()
                .flatMap(context::getSecondaryResourcesAsStream)
                .flatMap(object -> object.getMetadata().getOwnerReferences().stream())
                .filter(owner -> AnalyticsPipeline.KIND.equals(owner.getKind()))
                .anyMatch(owner -> !owner.getUid().equals(uid));
    }
}
