package dev.millrace.api.openapi;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Where events are sent to: the collector, on the same origin locally and behind an ingress. */
final class CollectorPaths {
    private static final String TAG = "events";

    private CollectorPaths() {}

    static void add(Plan plan, Map<String, Object> paths, Map<String, Object> schemas) {
        List<StreamPlan> sources = plan.sources();
        for (StreamPlan stream : sources) {
            schemas.put(schemaName(stream), EventSchema.of(stream));
            paths.put(
                    "/api/v1/streams/" + stream.name() + "/events",
                    Map.of("post", operation(stream, "send-" + stream.name())));
        }
        if (sources.size() == 1) {
            paths.put(
                    "/api/v1/events", Map.of("post", operation(sources.getFirst(), "send-events")));
        }
        schemas.put("Accepted", accepted());
    }

    private static String schemaName(StreamPlan stream) {
        return "Event." + stream.name();
    }

    private static Map<String, Object> operation(StreamPlan stream, String id) {
        Map<String, Object> event = Schemas.ref(schemaName(stream));
        Map<String, Object> content = new LinkedHashMap<>();
        content.put(
                "application/json",
                Map.of("schema", Map.of("anyOf", List.of(event, Schemas.array(event)))));
        content.put(
                "application/x-ndjson",
                Map.of(
                        "schema",
                        Schemas.described(Schemas.STRING, "One event as JSON on each line")));
        content.put("application/cloudevents+json", Map.of("schema", cloudEvent(event)));
        content.put(
                "application/cloudevents-batch+json",
                Map.of("schema", Schemas.array(cloudEvent(event))));
        return new Operation(TAG, id, "Send events to the stream " + stream.name())
                .description(
                        "Answers once Kafka has acknowledged all of them. Events that are not valid are"
                                + " kept too, and listed at /api/v1/dead-letters.")
                .body(content)
                .answers(202, "All events are kept", Schemas.ref("Accepted"))
                .problem(400, "The body cannot be split into events")
                .problem(404, "There is no such stream")
                .problem(413, "The body or an event is too large")
                .problem(415, "The body is encoded in a way that is not understood")
                .problem(429, "Too much at once; try again later")
                .problem(503, "Kafka does not answer; try again later")
                .build();
    }

    private static Map<String, Object> cloudEvent(Map<String, Object> event) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("specversion", Map.of("const", "1.0"));
        properties.put("id", Schemas.STRING);
        properties.put("source", Schemas.STRING);
        properties.put("type", Schemas.STRING);
        properties.put("data", event);
        properties.put("data_base64", Schemas.STRING);
        return Schemas.object(properties, List.of("data", "data_base64"));
    }

    private static Map<String, Object> accepted() {
        return Schemas.object(
                Map.entry("accepted", Schemas.described(Schemas.COUNT, "Events that were kept")),
                Map.entry(
                        "invalid",
                        Schemas.described(Schemas.COUNT, "Those of them that are not valid")),
                Map.entry(
                        "problems",
                        Schemas.array(
                                Schemas.object(
                                        Map.entry("index", Schemas.COUNT),
                                        Map.entry("reason", Schemas.STRING)))));
    }
}
