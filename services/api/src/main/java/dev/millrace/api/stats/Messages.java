package dev.millrace.api.stats;

import dev.millrace.api.json.Json;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How messages look. A key names what its value is of: {@code {"metric":…,"window":…}} the whole of
 * a metric, with {@code "group"} or {@code "other":true} a group of it, {@code {"pipeline":…}} the
 * pipeline. A value has all of its key, a content, and times, which alone are no news. {@link
 * TopicNumbers} has what they say.
 */
final class Messages {
    static final String METRIC = "metric";
    static final String WINDOW = "window";
    static final String GROUP = "group";
    static final String OTHER = "other";
    static final String PIPELINE = "pipeline";
    static final String FINGERPRINT = "fingerprint";
    static final String STATE = "state";
    static final String REASON = "stateReason";
    static final String TOTALS = "totals";
    static final String VALUE = "value";
    static final String PREVIOUS = "previous";
    static final String GROUPS = "groups";
    static final String PERCENTILES = "percentiles";
    static final String NOW = "now";
    static final String AT = "at";
    static final String AS_OF = "asOf";
    private static final String FROM = "from";
    private static final String TO = "to";
    private static final List<String> TIMES = List.of(FROM, TO, AT, AS_OF);

    private static final JsonMapper READER =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private Messages() {}

    /**
     * The key of a number.
     *
     * @param group {@code null}: the whole
     */
    static String key(WindowView view, Group group) {
        Map<String, Object> key = new LinkedHashMap<>();
        putKey(key, view, group);
        return json(key);
    }

    /** The key of the pipeline. */
    static String key(String pipeline) {
        return json(Map.of(PIPELINE, pipeline));
    }

    private static void putKey(Map<String, Object> shape, WindowView view, Group group) {
        shape.put(METRIC, view.metric().name());
        shape.put(WINDOW, view.window().text());
        if (group != null && GroupKey.OTHER.equals(group.key())) {
            shape.put(OTHER, true);
        } else if (group != null) {
            shape.put(GROUP, Shapes.key(view.metric(), group));
        }
    }

    /** What is said of a number. */
    static Map<String, Object> content(WindowView view, Group group) {
        Map<String, Object> shape = new LinkedHashMap<>();
        putKey(shape, view, group);
        shape.put(VALUE, group == null ? view.value() : group.value());
        Number previous = group == null ? view.previous() : group.previous();
        if (!view.window().isAll()) {
            shape.put(PREVIOUS, previous);
        }
        if (view.metric().unit() != null) {
            shape.put("unit", view.metric().unit());
        }
        if (group == null && view.ranking() != null) {
            shape.put(GROUPS, view.ranking().size());
        }
        Shapes.putDetail(shape, group == null ? view.detail() : group.detail());
        return shape;
    }

    /** The whole message of a number. */
    static Message message(
            String key, Map<String, Object> content, WindowView view, Snapshot snapshot) {
        Map<String, Object> shape = new LinkedHashMap<>(content);
        shape.put(FROM, Shapes.time(view.from()));
        shape.put(TO, view.window().isAll() ? Shapes.time(snapshot.now()) : Shapes.time(view.to()));
        shape.put(AT, Shapes.time(snapshot.at()));
        return new Message(key, json(shape));
    }

    /** What is said of the pipeline: what the numbers are worth, and what came in. */
    static Map<String, Object> content(Plan plan, Snapshot snapshot) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put(PIPELINE, plan.name());
        shape.put(FINGERPRINT, plan.fingerprint());
        shape.put(STATE, snapshot.condition().state().name());
        shape.put(REASON, snapshot.condition().reason());
        shape.put(TOTALS, Shapes.totals(snapshot.totals()));
        return shape;
    }

    /** The whole message of the pipeline. */
    static Message message(String key, Map<String, Object> content, Snapshot snapshot) {
        Map<String, Object> shape = new LinkedHashMap<>(content);
        shape.put(NOW, Shapes.time(snapshot.now()));
        shape.put(AS_OF, Shapes.time(snapshot.condition().asOf()));
        shape.put(AT, Shapes.time(snapshot.at()));
        return new Message(key, json(shape));
    }

    /**
     * The view of a key, as {@link #view(WindowView)} has it; empty where it is of something else.
     */
    static Optional<String> view(byte[] key) {
        return view(read(key));
    }

    /** The same of a key that is read already. */
    static Optional<String> view(JsonNode node) {
        return node.path(METRIC).isString() && node.path(WINDOW).isString()
                ? Optional.of(view(node.path(METRIC).asString(), node.path(WINDOW).asString()))
                : Optional.empty();
    }

    /** A name of a view. */
    static String view(WindowView view) {
        return view(view.metric().name(), view.window().text());
    }

    /** A name of a metric over a window. */
    static String view(String metric, String window) {
        return metric + " " + window;
    }

    /** The content of a message that was read; one of its own where it is none. */
    static String content(byte[] value) {
        if (read(value) instanceof ObjectNode object) {
            return new String(Json.bytes(object.remove(TIMES)), StandardCharsets.UTF_8);
        }
        return "";
    }

    /** What a message says; nothing where it is no JSON. */
    static JsonNode read(byte[] json) {
        try {
            return json == null ? READER.missingNode() : READER.readTree(json);
        } catch (JacksonException _) {
            return READER.missingNode();
        }
    }

    /** A content as text, to be compared. */
    static String json(Map<String, Object> shape) {
        return new String(Json.bytes(shape), StandardCharsets.UTF_8);
    }
}
