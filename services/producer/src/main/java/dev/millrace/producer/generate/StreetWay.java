package dev.millrace.producer.generate;

import dev.millrace.pipeline.resource.GeneratorSpec.StreetsSpec;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Through streets that cross at right angles, without a detour: at each crossing straight on more
 * often than round the corner, as long as both lead nearer.
 */
final class StreetWay implements Way {
    private static final int DEFAULT_BLOCK = 150;
    private static final double STRAIGHT_ON = 0.75;

    private final double west;
    private final double south;
    private final double block;
    private final double longitudePerBlock;
    private final double latitudePerBlock;
    private final int columns;
    private final int rows;
    private final List<double[]> starts;
    // The crossing that was passed last, and the one to arrive at.
    private int column;
    private int row;
    private int toColumn;
    private int toRow;
    // Where the next crossing is, and how many metres were walked towards it.
    private int eastward;
    private int northward;
    private double walked;

    StreetWay(StreetsSpec streets, List<String> starts) {
        this.west = streets.west();
        this.south = streets.south();
        this.block = streets.block() == null ? DEFAULT_BLOCK : streets.block();
        double middle = Math.toRadians((streets.south() + streets.north()) / 2);
        this.latitudePerBlock = block / METRES_OF_A_DEGREE;
        this.longitudePerBlock = latitudePerBlock / Math.cos(middle);
        this.columns = 1 + (int) Math.max(1, (streets.east() - west) / longitudePerBlock);
        this.rows = 1 + (int) Math.max(1, (streets.north() - south) / latitudePerBlock);
        this.starts = starts == null ? List.of() : starts.stream().map(PointWay::point).toList();
    }

    private StreetWay(StreetWay other) {
        west = other.west;
        south = other.south;
        block = other.block;
        longitudePerBlock = other.longitudePerBlock;
        latitudePerBlock = other.latitudePerBlock;
        columns = other.columns;
        rows = other.rows;
        starts = other.starts;
    }

    @Override
    public Way another() {
        return new StreetWay(this);
    }

    @Override
    public void begin(SplittableRandom random) {
        if (starts.isEmpty()) {
            column = random.nextInt(columns);
            row = random.nextInt(rows);
        } else {
            double[] start = starts.get(random.nextInt(starts.size()));
            column = nearest((start[0] - west) / longitudePerBlock, columns);
            row = nearest((start[1] - south) / latitudePerBlock, rows);
        }
        arrive();
    }

    private static int nearest(double blocks, int count) {
        return (int) Math.clamp(Math.round(blocks), 0L, count - 1L);
    }

    private void arrive() {
        toColumn = column;
        toRow = row;
        eastward = 0;
        northward = 0;
        walked = 0;
    }

    @Override
    public double setOut(SplittableRandom random) {
        if (blocksLeft() == 0) {
            while (blocksLeft() == 0) {
                toColumn = random.nextInt(columns);
                toRow = random.nextInt(rows);
            }
            turn(random);
        }
        return blocksLeft() * block - walked;
    }

    private long blocksLeft() {
        return Math.abs((long) toColumn - column) + Math.abs((long) toRow - row);
    }

    /** Where to go on at a crossing. */
    private void turn(SplittableRandom random) {
        int columnsLeft = toColumn - column;
        int rowsLeft = toRow - row;
        double alongRow;
        if (columnsLeft == 0 || rowsLeft == 0) {
            alongRow = rowsLeft == 0 ? 1 : 0;
        } else if (eastward == 0 && northward == 0) {
            alongRow = 0.5;
        } else {
            alongRow = eastward == 0 ? 1 - STRAIGHT_ON : STRAIGHT_ON;
        }
        boolean isAlongRow = random.nextDouble() < alongRow;
        eastward = isAlongRow ? Integer.signum(columnsLeft) : 0;
        northward = isAlongRow ? 0 : Integer.signum(rowsLeft);
    }

    @Override
    public double walk(double metres, SplittableRandom random) {
        double left = metres;
        while (left > 0 && blocksLeft() > 0) {
            double toCrossing = block - walked;
            if (left < toCrossing) {
                walked += left;
                return 0;
            }
            left -= toCrossing;
            walked = 0;
            column += eastward;
            row += northward;
            if (blocksLeft() == 0) {
                arrive();
            } else {
                turn(random);
            }
        }
        return left;
    }

    @Override
    public double longitude() {
        return west + (column + eastward * walked / block) * longitudePerBlock;
    }

    @Override
    public double latitude() {
        return south + (row + northward * walked / block) * latitudePerBlock;
    }
}
