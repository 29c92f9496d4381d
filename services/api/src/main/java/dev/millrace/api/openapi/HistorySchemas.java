package dev.millrace.api.openapi;

import static dev.millrace.api.openapi.Schemas.BOOLEAN;
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

/** The shapes of what is told of the past. */
final class HistorySchemas {
    private static final List<String> OF_SOME = List.of("count", "percentiles", "estimated");

    private HistorySchemas() {}

    static void add(Map<String, Object> schemas) {
        schemas.put("HistoryStatus", status());
        schemas.put("SinkStatus", sink());
        schemas.put("StatsStatus", stats());
        Map<String, Object> point = new LinkedHashMap<>();
        point.put("t", described(TIME, "When its step begins"));
        putNumber(point);
        schemas.put("HistoryPoint", object(point, OF_SOME));
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("key", Map.of());
        putNumber(group);
        Map<String, Object> history = new LinkedHashMap<>();
        history.put("metric", STRING);
        history.put("unit", orNull(STRING));
        history.put("step", oneOf(List.of("minute", "hour", "day")));
        history.put("from", TIME);
        history.put("to", TIME);
        history.put("asOf", described(orNull(TIME), "When history was complete last"));
        history.put("group", described(Map.of(), "The one group that all numbers are of"));
        putNumber(history);
        history.put(
                "error",
                described(NUMBER, "Relative standard error of the numbers that are estimated"));
        group.put("error", described(NUMBER, "The same of this group, where it is estimated"));
        history.put(
                "groups",
                array(object(group, List.of("count", "percentiles", "estimated", "error"))));
        history.put("totalGroups", described(COUNT, "How many groups were found"));
        history.put("groupsKept", described(COUNT, "How many groups of each step are kept"));
        history.put(
                "other",
                described(
                        orNull(NUMBER), "Over the groups that were not kept; null where all were"));
        history.put("points", array(ref("HistoryPoint")));
        schemas.put(
                "History",
                object(
                        history,
                        List.of(
                                "group",
                                "count",
                                "percentiles",
                                "estimated",
                                "error",
                                "groups",
                                "totalGroups",
                                "groupsKept",
                                "other")));
    }

    private static void putNumber(Map<String, Object> shape) {
        shape.put("value", described(orNull(NUMBER), "null where there is none, or none is known"));
        shape.put("count", described(COUNT, "How many numbers an average is of"));
        shape.put("percentiles", ref("Percentiles"));
        shape.put("estimated", described(BOOLEAN, "Where it is an estimate of unique values"));
    }

    private static Map<String, Object> sink() {
        return object(
                Map.entry("name", STRING),
                Map.entry(
                        "asOf",
                        described(orNull(TIME), "When it had everything last, by any replica")),
                Map.entry("lagSeconds", orNull(COUNT)),
                Map.entry("writing", described(BOOLEAN, "Whether this replica writes it")),
                Map.entry("pending", described(COUNT, "Buckets that are yet to be written")),
                Map.entry("points", described(COUNT, "Points that this replica has written")),
                Map.entry(
                        "refused", described(COUNT, "Points left out, as the server refused them")),
                Map.entry(
                        "failures",
                        described(COUNT, "Times that the server, Redis or Mongo failed it")),
                Map.entry(
                        "waiting",
                        described(orNull(STRING), "Why it writes nothing; null where it does")),
                Map.entry("refusal", described(orNull(STRING), "Why points were refused last")));
    }

    private static Map<String, Object> stats() {
        return object(
                Map.entry("topic", described(STRING, "Where numbers are published")),
                Map.entry(
                        "asOf",
                        described(
                                orNull(TIME),
                                "When it had everything last; null at a replica that leaves it to another")),
                Map.entry("lagSeconds", orNull(COUNT)),
                Map.entry("writing", described(BOOLEAN, "Whether this replica writes it")),
                Map.entry("numbers", described(orNull(COUNT), "Numbers in it")),
                Map.entry("messages", described(COUNT, "Messages that this replica has sent")),
                Map.entry("failures", described(COUNT, "Times that Kafka failed it")),
                Map.entry(
                        "waiting",
                        described(orNull(STRING), "Why it sends nothing; null where it does")),
                Map.entry(
                        "page",
                        described(
                                orNull(page()),
                                "Which way pushed numbers take; null where not through the topic")));
    }

    private static Map<String, Object> page() {
        return object(
                Map.entry("through", described(Schemas.THROUGH, "The way they take now")),
                Map.entry(
                        "throughReason",
                        described(
                                orNull(STRING),
                                "Why they come past the topic; null where they do not")),
                Map.entry("asOf", described(orNull(TIME), "What the topic has said last is of")),
                Map.entry(
                        "delayMillis",
                        described(
                                orNull(Schemas.INTEGER),
                                "How long after that it came through the topic")));
    }

    private static Map<String, Object> status() {
        return object(
                Map.entry(
                        "asOf",
                        described(orNull(TIME), "When history was complete last, by any replica")),
                Map.entry("lagSeconds", orNull(COUNT)),
                Map.entry("writing", described(BOOLEAN, "Whether this replica writes it")),
                Map.entry("pending", described(COUNT, "Buckets that are yet to be written")),
                Map.entry("written", described(COUNT, "Rollups that this replica has written")),
                Map.entry("failures", described(COUNT, "Times that Redis or Mongo failed it")),
                Map.entry(
                        "waiting",
                        described(orNull(STRING), "Why it writes nothing; null where it does")));
    }
}
