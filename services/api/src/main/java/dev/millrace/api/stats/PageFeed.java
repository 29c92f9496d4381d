package dev.millrace.api.stats;

import dev.millrace.api.window.Ranking;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Through;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.window.WindowView;
import dev.millrace.api.worker.Worker;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.DashboardSpec;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What pages are pushed. Where the manifest says so these are the topic's numbers, as soon as a
 * transaction is whole, with what is not in the topic from a snapshot of the same events and
 * windows; newer snapshots wait until the topic has got so far. Where it does not within some
 * seconds, pages go on with snapshots and are told why, until it does.
 */
public final class PageFeed extends Worker {
    private static final Duration LOOK = Duration.ofMillis(500);

    /** How many heartbeats may be missing. */
    private static final int MISSING = 2;

    /** Above it every other one is forgotten. */
    private static final int MOST_WAITING = 16;

    private final Snapshots locals;
    private final Snapshots pages;
    private final long patience;
    private final long silence;
    private final boolean isThrough;
    private final Duration every;
    private final StatsLog log;
    private final Blend blend = new Blend();
    private final Object lock = new Object();
    private final Map<String, Light> light = new HashMap<>();

    /** The snapshot that the page is made with, and those after it; oldest first. */
    private final List<Local> waiting = new ArrayList<>();

    private long version = -1;
    private Moment topic;
    private long heard;
    private String obstacle = "it is being read";
    private long counted;
    private long shown;

    /**
     * A snapshot of this replica.
     *
     * @param moved the pipeline's time at which the last of its windows began to be this one;
     *     {@code null}: it has none with bounds
     * @param since when it was first seen, by {@link System#nanoTime}
     */
    private record Local(Snapshot snapshot, Instant moved, long since) {}

    /** The same instance is made of the same. */
    private record Light(WindowView whole, WindowView light) {
        static Light of(WindowView view) {
            return new Light(
                    view,
                    view.ranking() == null
                            ? view
                            : new WindowView(
                                    view.metric(),
                                    view.window(),
                                    view.from(),
                                    view.to(),
                                    view.value(),
                                    view.previous(),
                                    Ranking.of(view.ranking().top(), view.ranking().size()),
                                    view.detail(),
                                    view.series()));
        }
    }

    /** Pages of a plan. */
    PageFeed(Plan plan, Snapshots locals, StatsSettings settings, StatsLog log) {
        super(Thread.ofVirtual().name("millrace-stats-page"));
        this.locals = locals;
        this.isThrough = isThrough(plan);
        this.every = isThrough ? plan.stats().every() : Duration.ZERO;
        this.log = log;
        if (isThrough) {
            this.patience = every.plus(settings.silence()).toNanos();
            this.silence = patience + settings.heartbeat().multipliedBy(MISSING).toNanos();
            this.pages = new Snapshots(past(locals.newest(), reason()));
        } else {
            this.patience = 0;
            this.silence = 0;
            this.pages = locals;
        }
    }

    /** Whether pages shall have their numbers through the topic. */
    static boolean isThrough(Plan plan) {
        return plan.through() == DashboardSpec.Through.stats;
    }

    /** What pages are pushed. */
    public Snapshots pages() {
        return pages;
    }

    /**
     * The shortest time between two updates of a page: what comes through the topic is not held up
     * any more.
     */
    public Duration pace(Duration push) {
        return isThrough && every.compareTo(push) < 0 ? every : push;
    }

    @Override
    public synchronized void start() {
        if (isThrough) {
            super.start();
        }
    }

    @Override
    protected Duration work() throws InterruptedException {
        Snapshot next = locals.await(version, LOOK);
        version = next.version();
        local(next, System.nanoTime());
        return Duration.ZERO;
    }

    /**
     * The newest snapshot of this replica, which may be known.
     *
     * @param nanos the time, by {@link System#nanoTime}
     */
    void local(Snapshot newest, long nanos) {
        synchronized (lock) {
            Snapshot next = light(newest);
            if (!next.isOfNow()) {
                waiting.clear();
                show(past(next, "the numbers are not those of now"));
                return;
            }
            if (next.totals().events() < counted) {
                // counted anew: what the topic had until now is not less, and is of no use
                waiting.clear();
                topic = null;
                obstacle = "the numbers were counted anew";
            }
            counted = next.totals().events();
            // what stood in for Redis may have been more than Redis has
            shown = Math.min(shown, counted);
            Local last = waiting.isEmpty() ? null : waiting.removeLast();
            if (last == null) {
                waiting.add(new Local(next, moved(next), nanos));
            } else if (last.snapshot().version() == next.version()) {
                waiting.add(new Local(next, last.moved(), last.since()));
            } else {
                waiting.add(last);
                waiting.add(new Local(next, moved(next), nanos));
                thin();
            }
            show(nanos);
        }
    }

    /** Without the groups that no page is pushed: several snapshots wait, and may have many. */
    private Snapshot light(Snapshot snapshot) {
        return new Snapshot(
                snapshot.version(),
                snapshot.at(),
                snapshot.now(),
                snapshot.condition(),
                snapshot.totals(),
                snapshot.views().stream().map(this::light).toList(),
                snapshot.positions(),
                snapshot.losses(),
                snapshot.deadLetters());
    }

    private WindowView light(WindowView view) {
        return light.compute(
                        Messages.view(view),
                        (_, last) -> last != null && last.whole == view ? last : Light.of(view))
                .light;
    }

    /** What the topic says now. */
    void topic(Moment next, long nanos) {
        synchronized (lock) {
            obstacle = next.obstacle();
            if (obstacle == null) {
                topic = next;
                heard = nanos;
                show(nanos);
            }
        }
    }

    /** Why the topic says nothing more. */
    void failed(String reason) {
        synchronized (lock) {
            obstacle = reason;
        }
    }

    private void show(long nanos) {
        if (waiting.isEmpty()) {
            return;
        }
        int usable = waiting.size() - 1;
        while (usable >= 0 && !isInTopic(waiting.get(usable))) {
            usable--;
        }
        Snapshot newest = waiting.getLast().snapshot();
        if (topic == null || isLate(usable, nanos)) {
            show(past(newest, reason()));
        } else if (usable >= 0 && topic.totals().events() >= shown) {
            waiting.subList(0, usable).clear();
            show(blend.of(topic, waiting.getFirst().snapshot()));
        }
    }

    /** Whether the topic has all events and windows of a snapshot. */
    private boolean isInTopic(Local local) {
        return topic != null
                && local.snapshot().totals().events() <= topic.totals().events()
                && (local.moved() == null
                        || topic.now() != null && !topic.now().isBefore(local.moved()));
    }

    private boolean isLate(int usable, long nanos) {
        return nanos - heard > silence
                || usable + 1 < waiting.size()
                        && nanos - waiting.get(usable + 1).since() > patience;
    }

    private String reason() {
        return obstacle == null
                ? "it has said nothing new for %d s"
                        .formatted(Duration.ofNanos(patience).toSeconds())
                : obstacle;
    }

    private static Snapshot past(Snapshot snapshot, String reason) {
        return snapshot.with(snapshot.condition().by(new Through(reason)));
    }

    private void show(Snapshot next) {
        Through through = next.condition().through();
        if (!through.isTopic()) {
            // who has seen it does not see less, when the topic is there again
            shown = next.totals().events();
        }
        Snapshot last = pages.newest();
        pages.publish(next.version(differs(last, next) ? last.version() + 1 : last.version()));
        log.page(through);
    }

    private static boolean differs(Snapshot a, Snapshot b) {
        if (!a.condition().equals(b.condition())
                || !a.totals().equals(b.totals())
                || !Objects.equals(a.now() == null, b.now() == null)) {
            return true;
        }
        for (int i = 0; i < a.views().size(); i++) {
            if (a.views().get(i) != b.views().get(i)) {
                return true;
            }
        }
        return false;
    }

    private static Instant moved(Snapshot snapshot) {
        return snapshot.views().stream()
                .filter(view -> view.to() != null)
                .map(view -> view.to() - view.window().granularity().millis())
                .max(Comparator.naturalOrder())
                .map(Instant::ofEpochMilli)
                .orElse(null);
    }

    private void thin() {
        if (waiting.size() > MOST_WAITING) {
            // but for the first that the topic does not have yet: it tells how long it is silent
            for (int i = waiting.size() - 2; i > 1; i -= 2) {
                waiting.remove(i);
            }
        }
    }
}
