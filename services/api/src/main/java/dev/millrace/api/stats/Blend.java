package dev.millrace.api.stats;

import dev.millrace.api.window.Ages;
import dev.millrace.api.window.Detail;
import dev.millrace.api.window.Group;
import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Through;
import dev.millrace.api.window.Snapshot.Totals;
import dev.millrace.api.window.WindowView;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The numbers of the topic, with what the topic does not carry: bounds and series of windows, rows
 * and their ages, and metrics that are not published. For one thread.
 */
final class Blend {
    private final Map<String, Blended> views = new HashMap<>();

    /** The same instance is made of the same. */
    private record Blended(ViewNumbers numbers, WindowView local, WindowView view) {}

    /** A snapshot with the topic's numbers. */
    Snapshot of(Moment topic, Snapshot local) {
        Totals totals = topic.totals();
        return new Snapshot(
                local.version(),
                later(topic.at(), local.at()),
                later(topic.now(), local.now()),
                local.condition().by(Through.TOPIC),
                new Totals(
                        totals.valid(), totals.invalid(), totals.late(), local.totals().causes()),
                local.views().stream().map(view -> blend(topic, view)).toList(),
                local.positions(),
                local.losses(),
                local.deadLetters());
    }

    private WindowView blend(Moment topic, WindowView local) {
        String name = Messages.view(local);
        ViewNumbers numbers = topic.views().get(name);
        if (numbers == null) {
            return local;
        }
        return views.compute(
                        name,
                        (_, last) ->
                                last != null && last.numbers == numbers && last.local == local
                                        ? last
                                        : new Blended(numbers, local, blend(numbers, local)))
                .view();
    }

    private static WindowView blend(ViewNumbers numbers, WindowView local) {
        Detail detail = numbers.percentiles() == null ? local.detail() : numbers.percentiles();
        return new WindowView(
                local.metric(),
                local.window(),
                local.from(),
                local.to(),
                numbers.value(),
                numbers.previous(),
                local.ranking() == null || numbers.ranking() == null
                        ? local.ranking()
                        : withAges(numbers.ranking(), local.ranking()),
                detail,
                local.series());
    }

    /** Ages are not in the topic, for they grow while nothing happens. */
    private static Ranking withAges(Ranking ranking, Ranking local) {
        if (local.top().stream().noneMatch(group -> group.detail() instanceof Ages)) {
            return ranking;
        }
        Map<String, Group> known =
                local.top().stream().collect(Collectors.toMap(Group::key, Function.identity()));
        List<Group> groups =
                ranking.top().stream()
                        .map(
                                group ->
                                        known.containsKey(group.key())
                                                ? new Group(
                                                        group.key(),
                                                        group.value(),
                                                        group.previous(),
                                                        known.get(group.key()).detail())
                                                : group)
                        .toList();
        return Ranking.of(groups, ranking.size());
    }

    private static Instant later(Instant a, Instant b) {
        return a == null || b != null && b.isAfter(a) ? b : a;
    }
}
