package dev.millrace.api.place;

/**
 * Where a position is.
 *
 * @param fences a bit for each fence of the metric that it is in, the first fence's the lowest
 * @param cell the H3 cell that it is in; 0 where there is no grid
 */
public record Place(long fences, long cell) {
    /** Nowhere: no position, or one in no fence and without a grid. */
    public static final Place NONE = new Place(0, 0);

    /** Whether it is in the fence of an index. */
    public boolean isIn(int fence) {
        return (fences >>> fence & 1) == 1;
    }
}
