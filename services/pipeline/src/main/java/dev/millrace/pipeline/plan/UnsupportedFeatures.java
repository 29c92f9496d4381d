package dev.millrace.pipeline.plan;

/**
 * What the language has and this version's services do not run yet. Such a manifest is refused
 * rather than run in part.
 */
public final class UnsupportedFeatures {
    private UnsupportedFeatures() {}

    /**
     * Checks that everything in a plan can be run.
     *
     * @throws InvalidPipelineException naming everything that cannot
     */
    public static void refuse(Plan plan) {
        Problems problems = new Problems();
        collect(plan, problems);
        problems.throwIfAny();
    }

    private static void collect(Plan plan, Problems problems) {
        for (int i = 0; i < plan.tables().size(); i++) {
            table("spec.tables[" + i + "]", plan.tables().get(i), problems);
        }
    }

    private static void table(String path, TablePlan table, Problems problems) {
        if (table.schema().isOpen()) {
            problems.add(
                    path + ".fields",
                    "is missing, and rows without declared fields are not run by this version; declare"
                            + " those that are joined");
        }
    }
}
