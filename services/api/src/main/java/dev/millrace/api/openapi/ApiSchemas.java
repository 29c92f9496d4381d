package dev.millrace.api.openapi;

import static dev.millrace.api.openapi.Schemas.BOOLEAN;
import static dev.millrace.api.openapi.Schemas.COUNT;
import static dev.millrace.api.openapi.Schemas.INTEGER;
import static dev.millrace.api.openapi.Schemas.NUMBER;
import static dev.millrace.api.openapi.Schemas.STRING;
import static dev.millrace.api.openapi.Schemas.TIME;
import static dev.millrace.api.openapi.Schemas.array;
import static dev.millrace.api.openapi.Schemas.object;
import static dev.millrace.api.openapi.Schemas.oneOf;
import static dev.millrace.api.openapi.Schemas.orNull;
import static dev.millrace.api.openapi.Schemas.ref;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The shapes of answers that are the same for all pipelines. */
final class ApiSchemas {
    private static final List<String> OF_SOME_MEASURES =
            List.of(
                    "estimated",
                    "error",
                    "percentiles",
                    "ages",
                    "limit",
                    "dropped",
                    "fences",
                    "groups",
                    "totalGroups");

    private ApiSchemas() {}

    static void add(Map<String, Object> schemas) {
        schemas.put("Problem", problem());
        schemas.put("State", oneOf(List.of("live", "waiting", "degraded")));
        schemas.put(
                "Totals",
                object(
                        Map.entry("events", COUNT),
                        Map.entry("valid", COUNT),
                        Map.entry("invalid", COUNT),
                        Map.entry(
                                "late",
                                Schemas.described(COUNT, "Those of invalid that came too late"))));
        schemas.put("Pipeline", pipeline());
        schemas.put("Metric", metric());
        schemas.put("GroupKey", groupKey());
        schemas.put("Percentiles", percentiles());
        schemas.put("Ages", ages());
        PlaceSchemas.add(schemas);
        schemas.put("MetricValue", metricValue());
        schemas.put("Series", series());
        schemas.put("LiveMessage", liveMessage());
        schemas.put("DeadLetters", deadLetters());
        schemas.put("Status", status());
        HistorySchemas.add(schemas);
        ProofSchemas.add(schemas);
    }

    private static Map<String, Object> problem() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", Schemas.described(STRING, "A URI reference"));
        properties.put("title", STRING);
        properties.put("status", INTEGER);
        properties.put("detail", Schemas.described(STRING, "What is wrong, and what to do"));
        properties.put("instance", STRING);
        return Schemas.described(
                Schemas.object(properties, List.of("instance")), "A problem as RFC 9457 has it");
    }

    private static Map<String, Object> pipeline() {
        Map<String, Object> field = new LinkedHashMap<>();
        field.put("name", STRING);
        field.put("type", orNull(STRING));
        field.put("required", BOOLEAN);
        field.put("enum", array(STRING));
        return object(
                Map.entry("name", STRING),
                Map.entry("title", STRING),
                Map.entry("live", oneOf(List.of("sse", "websocket", "polling"))),
                Map.entry("through", Schemas.THROUGH),
                Map.entry("clock", oneOf(List.of("wall", "event"))),
                Map.entry(
                        "streams",
                        array(
                                object(
                                        Map.entry("name", STRING),
                                        Map.entry("topic", STRING),
                                        Map.entry("source", BOOLEAN),
                                        Map.entry(
                                                "fields",
                                                array(Schemas.object(field, List.of("enum"))))))),
                Map.entry(
                        "panels",
                        array(
                                object(
                                        Map.entry("metric", STRING),
                                        Map.entry("title", STRING),
                                        Map.entry(
                                                "kind",
                                                oneOf(
                                                        List.of(
                                                                "number",
                                                                "ranking",
                                                                "percentiles",
                                                                "rows"))),
                                        Map.entry("window", STRING),
                                        Map.entry("windows", array(STRING))))));
    }

    private static Map<String, Object> metric() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("name", STRING);
        properties.put("title", STRING);
        properties.put("measure", STRING);
        properties.put("formula", STRING);
        properties.put("of", orNull(STRING));
        properties.put("by", array(STRING));
        properties.put("where", orNull(STRING));
        properties.put("unit", orNull(STRING));
        properties.put("from", orNull(STRING));
        properties.put("windows", array(STRING));
        properties.put(
                "history",
                Schemas.described(
                        array(oneOf(List.of("minute", "hour", "day"))),
                        "The steps of its history; empty where it has none"));
        properties.put(
                "approximate",
                Schemas.described(BOOLEAN, "Only where it is true: unique is an estimate"));
        properties.put("explode", Schemas.described(STRING, "The array whose items are counted"));
        properties.put("key", Schemas.described(STRING, "What identifies a row of latest"));
        properties.put(
                "position",
                Schemas.described(
                        array(STRING), "The fields of longitude and latitude, of latest"));
        properties.put("fences", array(ref("Fence")));
        properties.put("cells", Schemas.described(STRING, "The grid of cells, such as h3/8"));
        return Schemas.object(
                properties,
                List.of("formula", "approximate", "explode", "key", "position", "fences", "cells"));
    }

    private static Map<String, Object> groupKey() {
        return Map.of(
                "description",
                "The group: null where the field was missing, an array where there are several"
                        + " fields",
                "anyOf",
                List.of(orNull(STRING), array(orNull(STRING))));
    }

    private static Map<String, Object> percentiles() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("count", COUNT);
        for (String name : List.of("min", "p50", "average", "p75", "p90", "p95", "p99", "max")) {
            properties.put(name, orNull(NUMBER));
        }
        return Schemas.described(
                Schemas.object(properties, List.of()),
                "Only of percentiles: count, min, average and max are exact, the others within 1 %");
    }

    private static Map<String, Object> ages() {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (String name : List.of("min", "p50", "average", "p75", "p90", "p99", "max")) {
            properties.put(name, COUNT);
        }
        return Schemas.described(
                Schemas.object(properties, List.of()),
                "Only of latest: for how many milliseconds rows have been in their state");
    }

    private static Map<String, Object> windowValue() {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("key", ref("GroupKey"));
        group.put(
                "other",
                Schemas.described(
                        BOOLEAN,
                        "Only where it is true: this is what belongs to groups beyond maxGroups"));
        group.put("value", orNull(NUMBER));
        group.put("previous", orNull(NUMBER));
        group.put("percentiles", ref("Percentiles"));
        group.put("ages", ref("Ages"));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("metric", STRING);
        properties.put("window", STRING);
        properties.put(
                "from", Schemas.described(orNull(TIME), "Inclusive; null for the window all"));
        properties.put("to", Schemas.described(orNull(TIME), "Exclusive"));
        properties.put(
                "value",
                Schemas.described(
                        orNull(NUMBER), "null where there is none, as of an average of nothing"));
        properties.put(
                "estimated",
                Schemas.described(
                        BOOLEAN,
                        "Only where it is true: all numbers are estimates, or made of such"));
        properties.put(
                "error",
                Schemas.described(NUMBER, "Relative standard error of numbers that are estimates"));
        properties.put("percentiles", ref("Percentiles"));
        properties.put("ages", orNull(ref("Ages")));
        properties.put("limit", Schemas.described(COUNT, "Of latest: how many rows are kept"));
        properties.put(
                "dropped",
                Schemas.described(
                        COUNT, "Of latest: how many rows were dropped to keep the limit"));
        properties.put("fences", array(ref("FenceCount")));
        properties.put("previous", orNull(NUMBER));
        properties.put(
                "groups",
                array(Schemas.object(group, List.of("other", "previous", "percentiles", "ages"))));
        properties.put("totalGroups", COUNT);
        return properties;
    }

    private static Map<String, Object> metricValue() {
        Map<String, Object> value = windowValue();
        value.put(
                "degraded",
                Schemas.described(BOOLEAN, "Only while Redis cannot be read, or not all of it"));
        value.put("degradedReason", STRING);
        value.put("asOf", Schemas.described(orNull(TIME), "The time that the numbers are as of"));
        return Schemas.object(
                value,
                Stream.concat(
                                Stream.of("previous", "degraded", "degradedReason", "asOf"),
                                OF_SOME_MEASURES.stream())
                        .toList());
    }

    private static Map<String, Object> series() {
        return object(
                Map.entry("metric", STRING),
                Map.entry("window", STRING),
                Map.entry("bucket", oneOf(List.of("1m", "1h", "1d", "all"))),
                Map.entry(
                        "points",
                        array(object(Map.entry("t", TIME), Map.entry("value", orNull(NUMBER))))));
    }

    private static Map<String, Object> liveMessage() {
        Map<String, Object> entry = windowValue();
        entry.put(
                "series",
                Schemas.described(
                        array(
                                Map.of(
                                        "type",
                                        "array",
                                        "prefixItems",
                                        List.of(INTEGER, orNull(NUMBER)),
                                        "minItems",
                                        2,
                                        "maxItems",
                                        2)),
                        "Pairs of seconds since 1970 and value; in an update only what changed"));
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("at", TIME);
        message.put("now", orNull(TIME));
        message.put("totals", ref("Totals"));
        message.put("state", ref("State"));
        message.put("stateReason", orNull(STRING));
        message.put("degraded", BOOLEAN);
        message.put("degradedReason", orNull(STRING));
        message.put("asOf", orNull(TIME));
        message.put(
                "through",
                Schemas.described(
                        Schemas.THROUGH,
                        "Only where the manifest has numbers pushed through the topic"));
        message.put(
                "throughReason",
                Schemas.described(orNull(STRING), "Why they are not; null where they are"));
        message.put("metrics", array(Schemas.object(entry, OF_SOME_MEASURES)));
        return Schemas.object(message, List.of("through", "throughReason"));
    }

    private static Map<String, Object> deadLetters() {
        return object(
                Map.entry("total", COUNT),
                Map.entry("late", COUNT),
                Map.entry("causes", Map.of("type", "object", "additionalProperties", COUNT)),
                Map.entry(
                        "recent",
                        array(
                                object(
                                        Map.entry("stream", orNull(STRING)),
                                        Map.entry("topic", orNull(STRING)),
                                        Map.entry("partition", INTEGER),
                                        Map.entry("offset", INTEGER),
                                        Map.entry("element", orNull(INTEGER)),
                                        Map.entry("at", orNull(STRING)),
                                        Map.entry("reason", orNull(STRING)),
                                        Map.entry("cause", orNull(STRING)),
                                        Map.entry("event", orNull(STRING))))));
    }

    private static Map<String, Object> status() {
        return object(
                Map.entry("state", ref("State")),
                Map.entry("stateReason", orNull(STRING)),
                Map.entry("degraded", BOOLEAN),
                Map.entry("degradedReason", orNull(STRING)),
                Map.entry("asOf", orNull(TIME)),
                Map.entry("now", orNull(TIME)),
                Map.entry("totals", ref("Totals")),
                Map.entry("positions", array(partition("offset"))),
                Map.entry("losses", array(partition("events"))),
                Map.entry("proof", ref("ProofSummary")),
                Map.entry("history", ref("HistoryStatus")),
                Map.entry("sinks", array(ref("SinkStatus"))),
                Map.entry("stats", orNull(ref("StatsStatus"))));
    }

    private static Map<String, Object> partition(String name) {
        return object(
                Map.entry("topic", STRING),
                Map.entry("partition", INTEGER),
                Map.entry(name, INTEGER));
    }
}
