package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.MetricSpec;

import java.util.LinkedHashMap;
import java.util.Map;

/** Which settings fit which kind of metric. */
record MetricSettings(Problems problems) {
    /** Notes the settings that only {@code latest} has. */
    void onlyForLatest(String path, MetricSpec spec) {
        reject(path, ofLatest(spec), "is for measure: latest only; leave it out");
    }

    /** Notes the settings that only measures have. */
    void onlyForMeasures(String path, MetricSpec spec) {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("from", spec.from());
        set.put("of", spec.of());
        set.put("by", spec.by());
        set.put("where", spec.where());
        set.put("explode", spec.explode());
        set.put("limit", spec.limit());
        set.put("maxGroups", spec.maxGroups());
        set.put("approximate", spec.approximate());
        set.putAll(ofLatest(spec));
        reject(path, set, "is for measures, and this is a formula; leave it out");
    }

    /** Whether {@code unique} is to be an estimate. */
    boolean isApproximate(String path, MetricSpec spec) {
        if (spec.approximate() != null && spec.measure() != MetricSpec.Measure.unique) {
            problems.add(
                    path + ".approximate",
                    "is for measure: unique only; leave it out: "
                            + spec.measure()
                            + " needs no estimate");
        }
        return Boolean.TRUE.equals(spec.approximate());
    }

    private static Map<String, Object> ofLatest(MetricSpec spec) {
        Map<String, Object> set = new LinkedHashMap<>();
        set.put("key", spec.key());
        set.put("value", spec.value());
        set.put("since", spec.since());
        set.put("position", spec.position());
        set.put("fences", spec.fences());
        set.put("cells", spec.cells());
        set.put("rows", spec.rows());
        set.put("leave", spec.leave());
        return set;
    }

    private void reject(String path, Map<String, Object> settings, String why) {
        settings.forEach(
                (name, value) -> {
                    if (value != null) {
                        problems.add(path + "." + name, why);
                    }
                });
    }

    /** What people read. */
    static String title(MetricSpec spec) {
        if (spec.title() != null) {
            return spec.title();
        }
        String words = spec.name().replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
