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
        return new ResourceRequirementsBuilder()
                .withRequests(quantities(declared.requests()))
                .withLimits(quantities(declared.limits()))
                .build();
    }

    private static Map<String, Quantity> quantities(Map<String, Object> amounts) {
        if (amounts == null) {
            return null;
        }
        Map<String, Quantity> quantities = new TreeMap<>();
        amounts.forEach((name, amount) -> quantities.put(name, new Quantity(amount.toString())));
        return quantities;
    }
}
