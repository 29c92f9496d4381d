package dev.millrace.enricher;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

/** Plans for tests, written as manifests are. */
public final class TestPlans {
    private TestPlans() {}

    /** A manifest of what follows {@code spec:}, indented by two spaces at least. */
    public static String manifest(String name, String spec) {
        return """
               apiVersion: millrace.dev/v1alpha1
               kind: AnalyticsPipeline
               metadata: {name: %s}
               spec:
               %s
               """
                .formatted(name, spec);
    }

    /** The plan of such a manifest. */
    public static Plan plan(String name, String spec) {
        return ManifestReader.parse("test", manifest(name, spec));
    }
}
