package dev.millrace.api.place;

import dev.millrace.pipeline.plan.Fence;
import dev.millrace.pipeline.plan.LatestPlan;
import dev.millrace.pipeline.state.Row;

import java.util.List;

/** Finds the place of rows. */
public final class Locator {
    private final List<Fence> fences;
    private final HexGrid grid;

    /**
     * A locator for a metric's rows.
     *
     * @throws IllegalStateException where there are cells, and this machine cannot compute them
     */
    public Locator(LatestPlan plan) {
        this.fences = plan.fences();
        this.grid = plan.cells() == null ? null : HexGrid.of(plan.cells());
    }

    /** Where a row is; {@link Place#NONE} where it has no position. */
    public Place locate(Row row) {
        return row.longitude() == null ? Place.NONE : locate(row.longitude(), row.latitude());
    }

    private Place locate(double longitude, double latitude) {
        long in = 0;
        for (int i = 0; i < fences.size(); i++) {
            if (fences.get(i).contains(longitude, latitude)) {
                in |= 1L << i;
            }
        }
        long cell = grid == null ? 0 : grid.cell(longitude, latitude);
        return in == 0 && cell == 0 ? Place.NONE : new Place(in, cell);
    }
}
