package dev.millrace.api.state;

import com.mongodb.client.MongoDatabase;

import dev.millrace.api.history.History;
import dev.millrace.api.window.Snapshot;
import dev.millrace.audit.recount.Added;
import dev.millrace.audit.recount.AddedRecount;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.BucketRecount;
import dev.millrace.audit.recount.RecordedPositions;
import dev.millrace.audit.recount.RecordedPositions.Noted;
import dev.millrace.audit.recount.RecountLimits;
import dev.millrace.audit.recount.TooMuchException;
import dev.millrace.pipeline.event.EventLimits;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Goes on with the windows while Redis is away, in passes of bounded length: begins with what was
 * read of Redis, or else with history and a recount, and then adds what the audit records. A bucket
 * is always what the records up to the same positions come to. For one thread.
 */
final class Recounting {
    /** What is read at a time where it has turned out to be too much, at least. */
    private static final int LEAST = 1_000;

    /** When the audit, which writes each second, is not just behind. */
    private static final Duration STANDSTILL = Duration.ofMinutes(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Plan plan;
    private final RecordedPositions recorded;
    private final AddedRecount added;
    private final BucketRecount recount;
    private final RecountedStart start;
    private final RecountSettings settings;
    private final Clock clock;
    private final Snapshot known;
    private Map<String, MetricState> read;
    private AuditedWindows windows;
    private int atOnce;
    private boolean changed;

    /**
     * What a pass came to.
     *
     * @param snapshot new numbers
     * @param obstacle why there are none, or not all; {@code null} where there are, or nothing new
     * @param nanos how long it took
     */
    record Outcome(Optional<Snapshot> snapshot, String obstacle, long nanos) {
        static final Outcome NONE = new Outcome(Optional.empty(), null, 0);

        static Outcome waiting(String obstacle) {
            return new Outcome(Optional.empty(), obstacle, 0);
        }

        static Outcome failed(String obstacle, Duration took) {
            return new Outcome(Optional.empty(), obstacle, took.toNanos());
        }

        Outcome took(long time) {
            return new Outcome(snapshot, obstacle, time);
        }
    }

    /**
     * A recount that has not begun.
     *
     * @param known the last numbers of Redis
     * @param read what was read for them, which belongs to it from now on; empty where the numbers
     *     are not known as of positions
     */
    Recounting(
            Plan plan,
            History history,
            MongoDatabase mongo,
            String events,
            RecountSettings settings,
            Clock clock,
            Snapshot known,
            Map<String, MetricState> read) {
        this.plan = plan;
        this.recorded = new RecordedPositions(mongo, events);
        this.added = new AddedRecount(mongo, events);
        this.recount = new BucketRecount(mongo, events);
        this.start = new RecountedStart(plan, history, recount, added, settings);
        this.settings = settings;
        this.clock = clock;
        this.known = known;
        this.read = read;
        this.atOnce = settings.records();
    }

    /**
     * Counts what was recorded since the last pass, or some of it.
     *
     * @param last what is answered now
     * @throws com.mongodb.MongoException where the store does not answer
     */
    Outcome pass(Snapshot last) {
        long deadline = System.nanoTime() + settings.longest().toNanos();
        Map<String, Noted> noted = new HashMap<>();
        for (StreamPlan stream : plan.counted()) {
            noted.putAll(recorded.noted(stream.topic().name()));
        }
        if (noted.isEmpty()) {
            return Outcome.waiting("there are none");
        }
        try {
            if (windows == null && !begin(noted, deadline)) {
                return Outcome.waiting(standstill(noted));
            }
            for (StreamPlan stream : plan.counted()) {
                add(stream, noted, deadline);
            }
            atOnce = (int) Math.min(settings.records(), 2L * atOnce);
        } catch (TooMuchException e) {
            return outcome(last, noted, e.getMessage());
        } catch (ArithmeticException e) {
            return outcome(last, noted, "a sum goes beyond 64 bits");
        }
        return outcome(last, noted, windows.remarks());
    }

    /** What has been counted is told even where there is more that is not. */
    private Outcome outcome(Snapshot last, Map<String, Noted> noted, String obstacle) {
        if (!changed) {
            return Outcome.waiting(obstacle);
        }
        Snapshot next = windows.snapshot(last, at(noted));
        changed = false;
        return new Outcome(Optional.of(next), obstacle, 0);
    }

    /** Since when nothing was recorded that is being waited for; {@code null} for not long. */
    private String standstill(Map<String, Noted> noted) {
        long newest = noted.values().stream().mapToLong(Noted::at).max().orElse(0);
        return clock.millis() - newest < STANDSTILL.toMillis()
                ? null
                : "nothing was recorded since "
                        + TIME.format(Instant.ofEpochMilli(newest))
                        + " UTC";
    }

    /** With the time of day, that of the windows; else when the records were written. */
    private Instant at(Map<String, Noted> noted) {
        long at =
                plan.clock() == dev.millrace.pipeline.resource.Clock.wall
                        ? windows.clock()
                        : Math.max(
                                known.at().toEpochMilli(),
                                noted.values().stream().mapToLong(Noted::at).max().orElse(0));
        return Instant.ofEpochMilli(at);
    }

    /** Whether there is something to go on from. */
    private boolean begin(Map<String, Noted> noted, long deadline) throws TooMuchException {
        if (read.isEmpty()) {
            long upTo = upTo();
            AuditedWindows begun =
                    start.windows(known, offsets(noted), upTo, deadline).orElse(null);
            if (begun != null) {
                addAhead(begun, upTo, deadline);
                windows = begun;
                changed = true;
            }
            return changed;
        }
        boolean behind =
                known.positions().stream()
                        .anyMatch(
                                position ->
                                        isCounted(position.topic())
                                                && offset(
                                                                noted,
                                                                position.topic()
                                                                        + ":"
                                                                        + position.partition())
                                                        < position.offset());
        if (behind) {
            return false;
        }
        AuditedWindows begun = AuditedWindows.of(plan, known, read);
        addAhead(begun, begun.clock(), deadline);
        windows = begun;
        read = Map.of();
        return true;
    }

    private boolean isCounted(String topic) {
        return plan.counted().stream().anyMatch(stream -> stream.topic().name().equals(topic));
    }

    /** Events of clocks that are ahead are in buckets that no window has yet. */
    private void addAhead(AuditedWindows begun, long now, long deadline) throws TooMuchException {
        if (plan.clock() == dev.millrace.pipeline.resource.Clock.event) {
            return;
        }
        long last = now + EventLimits.AHEAD.toMillis() + Granularity.MINUTE.millis();
        for (StreamPlan stream : plan.counted()) {
            List<Bucket> buckets = new ArrayList<>();
            for (MeasurePlan metric : begun.metrics(stream.name())) {
                for (Granularity granularity : metric.granularities()) {
                    if (granularity != Granularity.ALL) {
                        long next = granularity.start(begun.clock()) + granularity.millis();
                        long first = Math.max(next, granularity.start(now));
                        for (long at = first; at <= last; at += granularity.millis()) {
                            buckets.add(new Bucket(metric, granularity, at));
                        }
                    }
                }
            }
            if (!buckets.isEmpty()) {
                begun.addAhead(
                        recount.count(
                                stream,
                                buckets,
                                begun.offsets(stream.topic().name()),
                                limits(Long.MAX_VALUE, deadline)));
            }
        }
    }

    private RecountLimits limits(long records, long deadline) {
        return new RecountLimits(records, settings.entries(), deadline);
    }

    private long upTo() {
        return plan.clock() == dev.millrace.pipeline.resource.Clock.wall
                ? clock.millis()
                : Long.MAX_VALUE;
    }

    /**
     * Adds what was recorded of a stream, so much at a time that each time takes bounded memory.
     */
    private void add(StreamPlan stream, Map<String, Noted> noted, long deadline)
            throws TooMuchException {
        String topic = stream.topic().name();
        Map<String, Long> to = new HashMap<>(offsets(noted));
        to.keySet().removeIf(one -> !one.substring(0, one.lastIndexOf(':')).equals(topic));
        while (true) {
            Map<String, Long> from = windows.offsets(topic);
            Map<String, Long> left = new HashMap<>(to);
            left.entrySet().removeIf(one -> one.getValue() <= from.getOrDefault(one.getKey(), 0L));
            if (left.isEmpty()) {
                return;
            }
            int each = Math.max(1, atOnce / left.size());
            left.replaceAll(
                    (partition, end) -> Math.min(end, from.getOrDefault(partition, 0L) + each));
            Added more;
            try {
                more =
                        added.count(
                                stream,
                                windows.metrics(stream.name()),
                                from,
                                left,
                                windows.wanted(),
                                limits(Long.MAX_VALUE, deadline));
            } catch (TooMuchException e) {
                atOnce = Math.max(Math.min(LEAST, settings.records()), atOnce / 2);
                throw e;
            }
            if (more.refused() > 0) {
                throw new TooMuchException(
                        "the audit's store has refused " + more.refused() + " valid events");
            }
            windows.add(more, left, upTo());
            changed = true;
        }
    }

    private static Map<String, Long> offsets(Map<String, Noted> noted) {
        Map<String, Long> offsets = new HashMap<>();
        noted.forEach((partition, one) -> offsets.put(partition, one.offset()));
        return offsets;
    }

    private static long offset(Map<String, Noted> noted, String partition) {
        Noted one = noted.get(partition);
        return one == null ? 0 : one.offset();
    }
}
