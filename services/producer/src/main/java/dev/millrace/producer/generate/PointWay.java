package dev.millrace.producer.generate;

import java.util.List;
import java.util.SplittableRandom;

/** From way-point to way-point: to the last one, and back again. */
final class PointWay implements Way {
    private final double[] longitudes;
    private final double[] latitudes;
    // Metres from the first point, along the way.
    private final double[] metres;
    private double at;
    private boolean isForth;

    PointWay(List<String> points) {
        int count = points.size();
        longitudes = new double[count];
        latitudes = new double[count];
        metres = new double[count];
        for (int i = 0; i < count; i++) {
            double[] point = point(points.get(i));
            longitudes[i] = point[0];
            latitudes[i] = point[1];
            if (i > 0) {
                metres[i] =
                        metres[i - 1]
                                + distance(longitudes[i - 1], latitudes[i - 1], point[0], point[1]);
            }
        }
    }

    private PointWay(PointWay other) {
        longitudes = other.longitudes;
        latitudes = other.latitudes;
        metres = other.metres;
    }

    @Override
    public Way another() {
        return new PointWay(this);
    }

    /** Longitude and latitude. */
    static double[] point(String text) {
        String[] parts = text.strip().split(" +");
        return new double[] {Double.parseDouble(parts[0]), Double.parseDouble(parts[1])};
    }

    /** In metres, on a map whose meridians are parallel: right for the size of a town. */
    static double distance(
            double longitude, double latitude, double toLongitude, double toLatitude) {
        double shrink = Math.cos(Math.toRadians((latitude + toLatitude) / 2));
        return METRES_OF_A_DEGREE
                * Math.hypot((toLongitude - longitude) * shrink, toLatitude - latitude);
    }

    @Override
    public void begin(SplittableRandom random) {
        at = 0;
        isForth = false;
    }

    @Override
    public double setOut(SplittableRandom random) {
        double end = metres[metres.length - 1];
        if (at <= 0 || at >= end) {
            isForth = at <= 0;
        }
        return isForth ? end - at : at;
    }

    @Override
    public double walk(double further, SplittableRandom random) {
        double left = isForth ? metres[metres.length - 1] - at : at;
        double walked = Math.min(further, left);
        at =
                walked == left
                        ? isForth ? metres[metres.length - 1] : 0
                        : at + (isForth ? walked : -walked);
        return further - walked;
    }

    @Override
    public double longitude() {
        return between(longitudes);
    }

    @Override
    public double latitude() {
        return between(latitudes);
    }

    private double between(double[] degrees) {
        int next = 1;
        while (next < metres.length - 1 && metres[next] < at) {
            next++;
        }
        double length = metres[next] - metres[next - 1];
        double part = length == 0 ? 0 : (at - metres[next - 1]) / length;
        return degrees[next - 1] + part * (degrees[next] - degrees[next - 1]);
    }
}
