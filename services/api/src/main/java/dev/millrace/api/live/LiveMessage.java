package dev.millrace.api.live;

import dev.millrace.api.json.Shapes;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Point;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What live messages say. */
final class LiveMessage {
    private LiveMessage() {}

    /** Everything. */
    static Map<String, Object> snapshot(Snapshot snapshot) {
        return message(
                snapshot,
                snapshot.views().stream()
                        .map(view -> entry(view, snapshot, view.series()))
                        .toList());
    }

    /** What differs between two snapshots of one plan; empty where nothing does but the time. */
    static Optional<Map<String, Object>> update(Snapshot before, Snapshot after) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (int i = 0; i < after.views().size(); i++) {
            WindowView old = before.views().get(i);
            WindowView view = after.views().get(i);
            if (old == view) {
                continue;
            }
            List<Point> points = changed(old.series(), view.series());
            if (!points.isEmpty() || differs(old, view)) {
                entries.add(entry(view, after, points));
            }
        }
        boolean differs =
                !entries.isEmpty()
                        || !before.totals().equals(after.totals())
                        || !before.condition().equals(after.condition())
                        || (before.now() == null) != (after.now() == null);
        return differs ? Optional.of(message(after, entries)) : Optional.empty();
    }

    private static boolean differs(WindowView a, WindowView b) {
        return !Objects.equals(a.to(), b.to())
                || !Objects.equals(a.value(), b.value())
                || !Objects.equals(a.previous(), b.previous())
                || !Objects.equals(a.detail(), b.detail())
                || size(a) != size(b)
                || !top(a).equals(top(b));
    }

    private static int size(WindowView view) {
        return view.ranking() == null ? 0 : view.ranking().size();
    }

    private static List<Group> top(WindowView view) {
        return view.ranking() == null ? List.of() : view.ranking().top();
    }

    private static List<Point> changed(List<Point> before, List<Point> after) {
        Set<Point> old = new HashSet<>(before);
        return after.stream().filter(point -> !old.contains(point)).toList();
    }

    private static Map<String, Object> message(
            Snapshot snapshot, List<Map<String, Object>> entries) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("at", Shapes.time(snapshot.at()));
        message.put("now", Shapes.time(snapshot.now()));
        message.put("totals", Shapes.totals(snapshot.totals()));
        Shapes.putCondition(message, snapshot.condition());
        message.put("metrics", entries);
        return message;
    }

    private static Map<String, Object> entry(
            WindowView view, Snapshot snapshot, List<Point> points) {
        Map<String, Object> entry = Shapes.window(view, snapshot.now());
        entry.put("previous", view.previous());
        if (view.ranking() != null) {
            entry.put(
                    "groups",
                    Shapes.groups(view.metric(), view.ranking().top(), true, snapshot.now()));
            entry.put("totalGroups", view.ranking().size());
        }
        entry.put("series", Shapes.pairs(points));
        return entry;
    }
}
