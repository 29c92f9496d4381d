package dev.millrace.api.openapi;

import static dev.millrace.api.openapi.Schemas.COUNT;
import static dev.millrace.api.openapi.Schemas.NUMBER;
import static dev.millrace.api.openapi.Schemas.STRING;
import static dev.millrace.api.openapi.Schemas.TIME;
import static dev.millrace.api.openapi.Schemas.array;
import static dev.millrace.api.openapi.Schemas.described;
import static dev.millrace.api.openapi.Schemas.object;
import static dev.millrace.api.openapi.Schemas.oneOf;
import static dev.millrace.api.openapi.Schemas.orNull;
import static dev.millrace.api.openapi.Schemas.ref;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The shapes of rows and of where they are. */
final class PlaceSchemas {
    private PlaceSchemas() {}

    static void add(Map<String, Object> schemas) {
        schemas.put(
                "Position",
                object(
                        Map.entry("lon", described(NUMBER, "Degrees, -180 to 180")),
                        Map.entry("lat", described(NUMBER, "Degrees, -90 to 90"))));
        schemas.put("Rows", rows());
        schemas.put("Cells", cells());
        schemas.put("Versions", versions());
        schemas.put(
                "Fence",
                object(
                        Map.entry("name", STRING),
                        Map.entry(
                                "area",
                                described(
                                        object(
                                                Map.entry("type", oneOf(List.of("MultiPolygon"))),
                                                Map.entry(
                                                        "coordinates",
                                                        array(array(array(array(NUMBER)))))),
                                        "A geometry as GeoJSON has it"))));
        schemas.put(
                "FenceCount",
                object(
                        Map.entry("fence", STRING),
                        Map.entry("value", described(COUNT, "How many rows are in it")),
                        Map.entry(
                                "groups",
                                described(
                                        array(
                                                object(
                                                        Map.entry("key", orNull(STRING)),
                                                        Map.entry("value", COUNT))),
                                        "How many of them are in each state: the ten most"
                                                + " frequent"))));
    }

    private static Map<String, Object> versions() {
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("id", described(STRING, "Of the event: TOPIC:PARTITION:OFFSET"));
        version.put("at", described(TIME, "The time of the event"));
        version.put("value", orNull(STRING));
        version.put("since", orNull(TIME));
        version.put("position", orNull(ref("Position")));
        version.put("event", described(Map.of("type", "object"), "The event as it was recorded"));
        return object(
                Map.entry("metric", STRING),
                Map.entry("key", STRING),
                Map.entry("more", described(Schemas.BOOLEAN, "Whether there are older ones")),
                Map.entry("versions", array(Schemas.object(version, List.of("position")))));
    }

    private static Map<String, Object> rows() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("key", STRING);
        row.put("value", orNull(STRING));
        row.put("at", TIME);
        row.put("since", TIME);
        row.put("position", orNull(ref("Position")));
        row.put("fences", described(array(STRING), "Those that it is in"));
        row.put("cell", orNull(STRING));
        return object(
                Map.entry("metric", STRING),
                Map.entry("now", orNull(TIME)),
                Map.entry("totalRows", COUNT),
                Map.entry("limit", described(COUNT, "How many rows are kept")),
                Map.entry(
                        "dropped",
                        described(COUNT, "How many rows were dropped to keep the limit")),
                Map.entry("rows", array(object(row, List.of("fences", "cell")))));
    }

    private static Map<String, Object> cells() {
        return object(
                Map.entry("metric", STRING),
                Map.entry("now", orNull(TIME)),
                Map.entry("grid", STRING),
                Map.entry("totalRows", COUNT),
                Map.entry("located", described(COUNT, "How many rows have a position")),
                Map.entry("totalCells", COUNT),
                Map.entry(
                        "cells",
                        array(
                                object(
                                        Map.entry("cell", STRING),
                                        Map.entry("value", COUNT),
                                        Map.entry("center", ref("Position"))))));
    }
}
