package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.ResourcesSpec;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;

import java.util.Map;
import java.util.TreeMap;

/** Processor time and memory of containers. */
final class Resources {
    private Resources() {}

    /**
     * What is declared, or else the defaults: no limit of processor time, for that only slows, and
     * as much memory as is requested at most.
     */
    static ResourceRequirements of(
            ResourcesSpec declared, String cpu, String memory, String memoryLimit) {
        if (declared == null) {
            return new ResourceRequirementsBuilder()
                    .withRequests(Map.of("cpu", new Quantity(cpu), "memory", new Quantity(memory)))
                    .withLimits(Map.of("memory", new Quantity(memoryLimit)))
                    .build();
        }
        // what is limited and not requested is requested as limited: Kubernetes would fill it in
        Map<String, Quantity> requests = quantities(declared.limits());
        requests.putAll(quantities(declared.requests()));
        return new ResourceRequirementsBuilder()
                .withRequests(requests)
                .withLimits(quantities(declared.limits()))
                .build();
    }

    private static Map<String, Quantity> quantities(Map<String, Object> amounts) {
        Map<String, Quantity> quantities = new TreeMap<>();
        if (amounts == null) {
            return quantities;
        }
        amounts.forEach((name, amount) -> quantities.put(name, new Quantity(amount.toString())));
        return quantities;
    }
}
