package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.util.Set;

/**
 * What the language has and this version's services do not run yet. Such a manifest is refused
 * rather than run in part.
 */
public final class UnsupportedFeatures {
    private static final Set<Measure> RUN = Set.of(Measure.count, Measure.sum, Measure.unique);

    private UnsupportedFeatures() {}

    /**
     * Checks that everything in a plan can be run.
     *
     * @throws InvalidPipelineException naming everything that cannot
     */
    public static void refuse(Plan plan) {
        Problems problems = new Problems();
        for (int i = 0; i < plan.streams().size(); i++) {
            StreamPlan stream = plan.streams().get(i);
            String path = "spec.streams[" + i + "]";
            if (!stream.isSource()) {
                problems.add(
                        path + ".from",
                        "streams made from others are checked, but not run by this version; leave \""
                                + stream.name()
                                + "\" and its metrics out");
            }
            if (stream.format() != Format.json) {
                problems.add(
                        path + ".format",
                        stream.format() + " is not run by this version; write json");
            }
        }
        if (!plan.tables().isEmpty()) {
            problems.add(
                    "spec.tables",
                    "tables are checked, but not run by this version; leave them out");
        }
        for (int i = 0; i < plan.metrics().size(); i++) {
            if (plan.metrics().get(i) instanceof MeasurePlan measure
                    && !RUN.contains(measure.measure())) {
                problems.add(
                        "spec.metrics[" + i + "].measure",
                        measure.measure()
                                + " is checked, but not run by this version; count, sum and unique are");
            }
        }
        problems.throwIfAny();
    }
}
