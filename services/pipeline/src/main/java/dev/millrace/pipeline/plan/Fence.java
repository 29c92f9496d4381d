package dev.millrace.pipeline.plan;

import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.CoordinateXY;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.geom.Polygon;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An area that rows are counted in. Its edges are straight in degrees, and belong to it. May be
 * used by several threads.
 */
public final class Fence {
    /** How many fences a metric has at most. */
    public static final int MOST = 64;

    private final String name;
    private final Geometry area;
    private final Envelope bounds;
    private final IndexedPointInAreaLocator locator;

    /**
     * A fence.
     *
     * @param area a valid polygon or several, in degrees: longitude, latitude
     */
    Fence(String name, Geometry area) {
        this.name = name;
        this.area = area;
        this.bounds = area.getEnvelopeInternal();
        this.locator = new IndexedPointInAreaLocator(area);
    }

    /** Unique among those of a metric. */
    public String name() {
        return name;
    }

    /** Whether a position is inside, or on the edge. In degrees. */
    public boolean contains(double longitude, double latitude) {
        return bounds.contains(longitude, latitude)
                && locator.locate(new CoordinateXY(longitude, latitude)) != Location.EXTERIOR;
    }

    /**
     * Its polygons as GeoJSON has them: of each its rings, the outer one first, each a list of
     * longitude and latitude.
     */
    public List<List<List<List<Double>>>> coordinates() {
        List<List<List<List<Double>>>> polygons = new ArrayList<>();
        for (int i = 0; i < area.getNumGeometries(); i++) {
            Polygon polygon = (Polygon) area.getGeometryN(i);
            List<List<List<Double>>> rings = new ArrayList<>();
            rings.add(ring(polygon.getExteriorRing()));
            for (int hole = 0; hole < polygon.getNumInteriorRing(); hole++) {
                rings.add(ring(polygon.getInteriorRingN(hole)));
            }
            // WKT may have EMPTY among others
            rings.removeIf(List::isEmpty);
            if (!rings.isEmpty()) {
                polygons.add(rings);
            }
        }
        return polygons;
    }

    private static List<List<Double>> ring(LinearRing ring) {
        return Arrays.stream(ring.getCoordinates()).map(Fence::point).toList();
    }

    private static List<Double> point(Coordinate point) {
        return List.of(point.getX(), point.getY());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Fence fence
                && name.equals(fence.name)
                && area.equalsExact(fence.area);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + area.hashCode();
    }

    @Override
    public String toString() {
        return name + ": " + area;
    }
}
