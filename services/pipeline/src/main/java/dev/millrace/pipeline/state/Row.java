package dev.millrace.pipeline.state;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.LatestPlan;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A row of {@code latest}: what the newest event of a key says. Of two events of one time the one
 * of the higher partition is newer, and within a partition the later one; so the same row is found
 * in whatever order partitions are read.
 *
 * <p>Where there are more rows than are kept, those with the newest events are, and of one time
 * those whose keys come last in UTF-8.
 *
 * @param time of its event, in milliseconds since 1970
 * @param value its state; {@code null} where it has none
 * @param since since when it is in that state, in milliseconds since 1970; {@code null} where the
 *     event does not say
 * @param longitude where it is, in degrees; {@code null} where that is not known
 * @param latitude the same
 */
public record Row(long time, String value, Long since, Double longitude, Double latitude) {
    /** The time at which what stays leaves. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Pattern STORED =
            Pattern.compile("([0-9]{1,18}):[0-9]+:(.*)", Pattern.DOTALL);

    /** The row of an event. */
    public static Row of(Event event, LatestPlan plan) {
        Double longitude = degrees(event, plan.longitude(), 180);
        Double latitude = degrees(event, plan.latitude(), 90);
        boolean located = longitude != null && latitude != null;
        return new Row(
                event.time(),
                plan.value() == null ? null : event.text(plan.value()),
                plan.since() == null ? null : (Long) event.value(plan.since()),
                located ? longitude : null,
                located ? latitude : null);
    }

    private static Double degrees(Event event, FieldPlan field, double most) {
        return field != null
                        && event.value(field) instanceof Number number
                        && Math.abs(number.doubleValue()) <= most
                ? (Double) number.doubleValue()
                : null;
    }

    /** All but its time, as it is stored: JSON. */
    public String content() {
        Map<String, Object> content = new LinkedHashMap<>();
        if (value != null) {
            content.put("value", value);
        }
        if (since != null) {
            content.put("since", since);
        }
        if (longitude != null) {
            content.put("position", List.of(longitude, latitude));
        }
        return JSON.writeValueAsString(content);
    }

    /** Since when the row is in its state: not after its event, which tells of it. */
    public long begin() {
        return since == null ? time : Math.min(since, time);
    }

    /** When it is shown no more, in milliseconds since 1970 on the pipeline's clock, or never. */
    public long leaves(LatestPlan plan) {
        Duration after = value == null ? null : plan.leave().get(value);
        return after == null ? NEVER : begin() + after.toMillis();
    }

    /** The same row with its state in another instance of the text. */
    public Row withValue(String text) {
        return new Row(time, text, since, longitude, latitude);
    }

    /**
     * The row of a stored text.
     *
     * @return {@code null} where the text is no row
     */
    public static Row parse(String stored) {
        Matcher parts = STORED.matcher(stored);
        if (!parts.matches()) {
            return null;
        }
        try {
            JsonNode content = JSON.readTree(parts.group(2));
            if (!content.isObject()) {
                return null;
            }
            JsonNode position = content.path("position");
            double longitude = position.path(0).asDouble(Double.NaN);
            double latitude = position.path(1).asDouble(Double.NaN);
            boolean located = Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90;
            return new Row(
                    Long.parseLong(parts.group(1)),
                    content.path("value").asString(null),
                    content.path("since").isNumber() ? content.path("since").asLong() : null,
                    located ? longitude : null,
                    located ? latitude : null);
        } catch (JacksonException e) {
            return null;
        }
    }
}
