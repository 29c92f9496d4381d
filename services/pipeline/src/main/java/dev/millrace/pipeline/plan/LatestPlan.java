package dev.millrace.pipeline.plan;

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
 * @param fences name to polygon (WKT) to count rows in
 * @param cells grid of cells to count rows in, such as {@code h3/8}; {@code null}: none
 */
public record LatestPlan(
        FieldPlan key,
        FieldPlan value,
        FieldPlan since,
        FieldPlan longitude,
        FieldPlan latitude,
        int rows,
        Map<String, String> fences,
        String cells) {
    /** How many rows are kept unless a metric says otherwise. */
    public static final int ROWS = 100_000;
}
