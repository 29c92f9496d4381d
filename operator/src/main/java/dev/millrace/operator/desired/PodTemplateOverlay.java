package dev.millrace.operator.desired;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lays a part of a pod template over another, as {@code kubectl patch} does: settings replace
 * settings, and lists of named things (containers, environment, volumes) are merged by their names.
 */
final class PodTemplateOverlay {
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private PodTemplateOverlay() {}

    /**
     * The template with the overlay.
     *
     * @param overlay {@code null} for none
     * @throws IllegalArgumentException when the result is no pod template
     */
    static PodTemplateSpec apply(PodTemplateSpec template, Map<String, Object> overlay) {
        if (overlay == null || overlay.isEmpty()) {
            return template;
        }
        Map<?, ?> base = JSON.convertValue(template, Map.class);
        return JSON.convertValue(merge(base, overlay), PodTemplateSpec.class);
    }

    private static Object merge(Object base, Object overlay) {
        if (base instanceof Map<?, ?> settings && overlay instanceof Map<?, ?> over) {
            Map<Object, Object> merged = new LinkedHashMap<>(settings);
            over.forEach(
                    (name, value) -> {
                        if (value == null) {
                            merged.remove(name);
                        } else {
                            merged.put(name, merge(merged.get(name), value));
                        }
                    });
            return merged;
        }
        if (base instanceof List<?> list && overlay instanceof List<?> over && areNamed(over)) {
            return mergeNamed(list, over);
        }
        return overlay;
    }

    private static boolean areNamed(List<?> list) {
        return list.stream().allMatch(item -> name(item) != null);
    }

    private static Object name(Object item) {
        if (!(item instanceof Map<?, ?> map)) {
            return null;
        }
        // a volume can be mounted at several places
        return map.containsKey("mountPath") ? map.get("mountPath") : map.get("name");
    }

    private static List<Object> mergeNamed(List<?> base, List<?> overlay) {
        List<Object> merged = new ArrayList<>(base);
        for (Object item : overlay) {
            int at = 0;
            while (at < merged.size() && !name(item).equals(name(merged.get(at)))) {
                at++;
            }
            if (at < merged.size()) {
                merged.set(at, merge(merged.get(at), item));
            } else {
                merged.add(item);
            }
        }
        return merged;
    }
}
