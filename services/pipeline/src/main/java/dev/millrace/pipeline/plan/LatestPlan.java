package dev.millrace.pipeline.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Which rows {@code latest} keeps: the newest event of each key.
 *
 * @param key identifies a row
 * @param value the state of a row; {@code null}: none
 * @param since the time since when a row is in its state; {@code null}: that of its event
 * @param longitude where a row is, in degrees; {@code null} where positions are not kept
 * @param latitude the same
 * @param rows how many rows are kept at most: the newest ones
 * @param fences areas to count rows in, at most {@value Fence#MOST}
 * @param cells resolution of the H3 grid to count rows in, 0 to 15; {@code null}: none
 * @param leave how long after a row came into a state it is shown no more; by state
 */
public record LatestPlan(
        FieldPlan key,
        FieldPlan value,
        FieldPlan since,
        FieldPlan longitude,
        FieldPlan latitude,
        int rows,
        List<Fence> fences,
        Integer cells,
        Map<String, Duration> leave) {
    /** How many rows are kept unless a metric says otherwise. */
    public static final int ROWS = 100_000;

    /** Whether positions are kept. */
    public boolean isLocated() {
        return longitude != null;
    }
}
