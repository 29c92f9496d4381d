package dev.millrace.api.stats;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Percentiles;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot.State;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.GroupKey;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The numbers of a plan as a reader of the topic has them. What a transaction changes counts from
 * the pipeline's message on, with which it ends. What is none of ours is left alone. For one
 * thread.
 */
final class TopicNumbers {
    /** As many as may be published of a metric and window: others hold no memory here. */
    private static final int MOST_GROUPS = 10_000;

    private static final int LONGEST_NUMBER = 40;

    private final Plan plan;
    private final Map<String, View> views = new HashMap<>();
    private Map<String, ViewNumbers> numbers = Map.of();
    private JsonNode end;

    /** Nothing is known yet. */
    TopicNumbers(Plan plan) {
        this.plan = plan;
        for (MetricPlan metric : plan.stats().metrics()) {
            metric.windows()
                    .forEach(
                            window ->
                                    views.put(
                                            Messages.view(metric.name(), window.text()),
                                            new View()));
        }
    }

    /**
     * What is said of the whole of a metric.
     *
     * @param groups how many there are; negative: it has none
     */
    private record Whole(Number value, Number previous, int groups, Percentiles percentiles) {}

    /** A metric over a window. Keys are those of messages. */
    private static final class View {
        private final Map<String, Group> groups = new HashMap<>();
        private final Map<String, Optional<Group>> nextGroups = new HashMap<>();
        private Whole whole;
        private Optional<Whole> nextWhole;
        private boolean changed;

        void read(JsonNode key, String text, JsonNode value) {
            boolean gone = value.isMissingNode();
            if (!gone && !value.has(Messages.VALUE)) {
                return;
            }
            if (!key.has(Messages.GROUP) && !key.has(Messages.OTHER)) {
                nextWhole = gone ? Optional.empty() : Optional.of(whole(value));
            } else if (gone && !groups.containsKey(text)) {
                // of a log read from its beginning, most are: they shall take no room
                nextGroups.remove(text);
            } else if (nextGroups.size() < 2 * MOST_GROUPS || nextGroups.containsKey(text)) {
                nextGroups.put(
                        text,
                        gone
                                ? Optional.empty()
                                : Optional.of(
                                        new Group(
                                                group(key),
                                                number(value.path(Messages.VALUE)),
                                                number(value.path(Messages.PREVIOUS)),
                                                percentiles(value.path(Messages.PERCENTILES)))));
            }
        }

        /** What was read counts from now on. */
        void apply() {
            changed |= nextWhole != null || !nextGroups.isEmpty();
            if (nextWhole != null) {
                whole = nextWhole.orElse(null);
                nextWhole = null;
            }
            nextGroups.forEach(
                    (key, group) -> {
                        if (group.isEmpty()) {
                            groups.remove(key);
                        }
                    });
            nextGroups.forEach(
                    (key, group) -> {
                        if (group.isPresent()
                                && (groups.size() < MOST_GROUPS || groups.containsKey(key))) {
                            groups.put(key, group.get());
                        }
                    });
            nextGroups.clear();
        }

        /** What there is now; {@code null}: nothing. */
        ViewNumbers numbers() {
            changed = false;
            if (whole == null) {
                return null;
            }
            return new ViewNumbers(
                    whole.value(),
                    whole.previous(),
                    whole.groups() < 0
                            ? null
                            : Ranking.of(List.copyOf(groups.values()), whole.groups()),
                    whole.percentiles());
        }
    }

    /** The next message. */
    void read(byte[] key, byte[] value) {
        JsonNode name = Messages.read(key);
        Optional<String> view = Messages.view(name);
        if (view.isPresent() && views.containsKey(view.get())) {
            views.get(view.get())
                    .read(name, new String(key, StandardCharsets.UTF_8), Messages.read(value));
        } else if (plan.name().equals(text(name.path(Messages.PIPELINE)))) {
            JsonNode content = Messages.read(value);
            if (time(content.path(Messages.AT)) != null) {
                views.values().forEach(View::apply);
                end = content;
            }
        }
    }

    /** What it says as of the last whole transaction; {@code null} before the first one. */
    Moment newest() {
        if (end == null) {
            return null;
        }
        if (views.values().stream().anyMatch(view -> view.changed)) {
            Map<String, ViewNumbers> next = new HashMap<>(numbers);
            views.forEach(
                    (name, view) -> {
                        if (view.changed) {
                            next.compute(name, (_, _) -> view.numbers());
                        }
                    });
            numbers = Map.copyOf(next);
        }
        JsonNode totals = end.path(Messages.TOTALS);
        return new Moment(
                time(end.path(Messages.AT)),
                time(end.path(Messages.NOW)),
                new Totals(
                        count(totals.path("valid")),
                        count(totals.path("invalid")),
                        count(totals.path("late"))),
                obstacle(),
                numbers);
    }

    private String obstacle() {
        if (!plan.fingerprint().equals(text(end.path(Messages.FINGERPRINT)))) {
            return "the numbers in it are those of another manifest";
        }
        if (State.waiting.name().equals(text(end.path(Messages.STATE)))
                || text(end.path(Messages.AS_OF)) != null) {
            return "who writes it has no numbers of now: " + text(end.path(Messages.REASON));
        }
        return null;
    }

    private static Whole whole(JsonNode value) {
        JsonNode groups = value.path(Messages.GROUPS);
        return new Whole(
                number(value.path(Messages.VALUE)),
                number(value.path(Messages.PREVIOUS)),
                groups.isInt() ? groups.intValue() : -1,
                percentiles(value.path(Messages.PERCENTILES)));
    }

    /** As Redis names it. */
    private static String group(JsonNode key) {
        if (key.has(Messages.OTHER)) {
            return GroupKey.OTHER;
        }
        JsonNode group = key.path(Messages.GROUP);
        if (!group.isArray()) {
            return GroupKey.of(text(group));
        }
        List<String> parts = new ArrayList<>();
        group.forEach(part -> parts.add(text(part)));
        return GroupKey.of(parts);
    }

    private static Percentiles percentiles(JsonNode shape) {
        return shape.isObject()
                ? new Percentiles(
                        count(shape.path("count")),
                        number(shape.path("min")),
                        number(shape.path("p50")),
                        number(shape.path("average")),
                        number(shape.path("p75")),
                        number(shape.path("p90")),
                        number(shape.path("p95")),
                        number(shape.path("p99")),
                        number(shape.path("max")))
                : null;
    }

    /** As answers have it; {@code null} for what is none. */
    private static Number number(JsonNode node) {
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return node.longValue();
        }
        if (!node.isNumber()) {
            return null;
        }
        return node.asString().length() > LONGEST_NUMBER ? node.doubleValue() : node.decimalValue();
    }

    private static long count(JsonNode node) {
        return number(node) instanceof Long count ? count : 0;
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : null;
    }

    private static Instant time(JsonNode node) {
        try {
            return node.isString() ? Instant.parse(node.stringValue()) : null;
        } catch (DateTimeException _) {
            return null;
        }
    }
}
