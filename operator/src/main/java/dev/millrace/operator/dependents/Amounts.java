package dev.millrace.operator.dependents;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Requests and limits of pods. The framework compares them amount by amount, and ends in an error
 * where a container has some and is to have none.
 */
final class Amounts {
    private Amounts() {}

    /** Whether a container has requests, or limits, and is to have none. */
    static boolean areTakenAway(PodTemplateSpec actual, PodTemplateSpec desired) {
        List<Container> before = actual.getSpec().getContainers();
        List<Container> after = desired.getSpec().getContainers();
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            ResourceRequirements had = before.get(i).getResources();
            ResourceRequirements wanted = after.get(i).getResources();
            if (areTakenAway(had, wanted, ResourceRequirements::getRequests)
                    || areTakenAway(had, wanted, ResourceRequirements::getLimits)) {
                return true;
            }
        }
        return false;
    }

    private static boolean areTakenAway(
            ResourceRequirements had,
            ResourceRequirements wanted,
            Function<ResourceRequirements, Map<String, Quantity>> kind) {
        return has(had, kind) && !has(wanted, kind);
    }

    private static boolean has(
            ResourceRequirements resources,
            Function<ResourceRequirements, Map<String, Quantity>> kind) {
        return resources != null
                && kind.apply(resources) != null
                && !kind.apply(resources).isEmpty();
    }
}
