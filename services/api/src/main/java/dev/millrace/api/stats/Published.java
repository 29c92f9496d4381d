package dev.millrace.api.stats;

import dev.millrace.api.window.Group;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.WindowView;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.StatsPlan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The numbers that are in the topic. For one thread. */
final class Published {
    private static final Logger log = LoggerFactory.getLogger(Published.class);

    /** In characters. Names of groups may be of any length, and messages may not. */
    private static final int LONGEST_CONTENT = 64 << 10;

    private final int groups;
    private final Set<String> metrics;

    /** By view, and in it by key. */
    private final Map<String, Map<String, Entry>> entries = new HashMap<>();

    /** What was compared last. */
    private final Map<String, WindowView> compared = new HashMap<>();

    /**
     * A number in the topic.
     *
     * @param group what it was made from; {@code null}: not known, or a whole
     */
    private record Entry(Group group, String content) {}

    /** Nothing is. */
    Published(StatsPlan plan) {
        this.groups = plan.groups();
        this.metrics =
                plan.metrics().stream()
                        .map(MetricPlan::name)
                        .collect(Collectors.toUnmodifiableSet());
    }

    /** A message of the topic, which others followed. What is none of ours is left alone. */
    void read(byte[] key, byte[] value) {
        Messages.view(key)
                .ifPresent(
                        view -> {
                            String text = new String(key, StandardCharsets.UTF_8);
                            if (value != null) {
                                entries.computeIfAbsent(view, any -> new HashMap<>())
                                        .put(text, new Entry(null, Messages.content(value)));
                            } else if (entries.containsKey(view)) {
                                entries.get(view).remove(text);
                            }
                        });
    }

    /** How many numbers there are. */
    int size() {
        return entries.values().stream().mapToInt(Map::size).sum();
    }

    /**
     * What has to be sent so that the topic holds a snapshot's numbers. From then on they count as
     * sent: where they cannot be, this is of no use any more.
     */
    List<Message> changes(Snapshot snapshot) {
        List<Message> changes = new ArrayList<>();
        Set<String> gone = new HashSet<>(entries.keySet());
        for (WindowView view : snapshot.views()) {
            if (metrics.contains(view.metric().name())) {
                String name = Messages.view(view);
                gone.remove(name);
                if (compared.put(name, view) != view) {
                    compare(name, view, snapshot, changes);
                }
            }
        }
        for (String view : gone) {
            entries.remove(view).keySet().forEach(key -> changes.add(Message.gone(key)));
        }
        return changes;
    }

    private void compare(String name, WindowView view, Snapshot snapshot, List<Message> changes) {
        Map<String, Entry> before = entries.getOrDefault(name, Map.of());
        Map<String, Entry> after = new HashMap<>();
        compare(name, view, null, snapshot, before, after, changes);
        if (view.ranking() != null) {
            for (Group group : view.ranking().first(groups)) {
                compare(name, view, group, snapshot, before, after, changes);
            }
        }
        for (String key : before.keySet()) {
            if (!after.containsKey(key)) {
                changes.add(Message.gone(key));
            }
        }
        entries.put(name, after);
    }

    private void compare(
            String name,
            WindowView view,
            Group group,
            Snapshot snapshot,
            Map<String, Entry> before,
            Map<String, Entry> after,
            List<Message> changes) {
        String key = Messages.key(view, group);
        Entry there = before.get(key);
        if (there != null && group != null && group.equals(there.group())) {
            after.put(key, there);
            return;
        }
        Map<String, Object> content = Messages.content(view, group);
        String text = Messages.json(content);
        if (text.length() > LONGEST_CONTENT) {
            log.debug("A number of {} is left out, as the name of its group is too long", name);
            return;
        }
        after.put(key, new Entry(group, text));
        if (there == null || !there.content().equals(text)) {
            changes.add(Messages.message(key, content, view, snapshot));
        }
    }
}
