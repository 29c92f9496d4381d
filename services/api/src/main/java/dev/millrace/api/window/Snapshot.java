package dev.millrace.api.window;

import dev.millrace.pipeline.plan.Window;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that answers are made of, as of one flush of the processor. Immutable.
 *
 * @param version grows whenever anything but the time changes
 * @param at when Redis was read
 * @param now the pipeline's clock: {@code at}, or the highest event time; {@code null} before the
 *     first event of an event clock
 * @param condition whether the numbers are current
 * @param totals numbers since the start
 * @param views each metric over each of its windows, in the plan's order
 * @param positions how far each partition is counted
 * @param losses events that Kafka had dropped before they could be counted
 * @param deadLetters the newest rejected events, newest first
 */
public record Snapshot(
        long version,
        Instant at,
        Instant now,
        Condition condition,
        Totals totals,
        List<WindowView> views,
        List<Position> positions,
        List<Loss> losses,
        List<DeadLetter> deadLetters) {

    /** What the numbers of a snapshot are worth. */
    public enum State {
        /** Current. */
        live,
        /** Not counted yet: nothing has been, or they are being recounted. */
        waiting,
        /** The newest that there are while Redis cannot be read, or not all of it. */
        degraded
    }

    /**
     * Whether the numbers are current.
     *
     * @param reason what is wrong; {@code null} when live
     * @param asOf the time that the numbers are as of; {@code null} where it is the present, or
     *     there are none
     * @param through which way they came; {@code null} where there is only one
     */
    public record Condition(State state, String reason, Instant asOf, Through through) {
        /** The numbers are current. */
        public static final Condition LIVE = new Condition(State.live, null);

        /** The worth of numbers that came the only way there is. */
        public Condition(State state, String reason, Instant asOf) {
            this(state, reason, asOf, null);
        }

        /** The worth of numbers of the present. */
        public Condition(State state, String reason) {
            this(state, reason, null);
        }

        /** Whether they are not what they should be. */
        public boolean isDegraded() {
            return state == State.degraded;
        }

        /** The same worth of numbers that came another way. */
        public Condition by(Through other) {
            return new Condition(state, reason, asOf, other);
        }
    }

    /**
     * Which way numbers came to a page that shall have them from the topic of numbers.
     *
     * @param past why they did not come through the topic; {@code null}: they did
     */
    public record Through(String past) {
        /** Through the topic. */
        public static final Through TOPIC = new Through(null);

        /** Whether they came through the topic. */
        public boolean isTopic() {
            return past == null;
        }
    }

    /**
     * Numbers since the start.
     *
     * @param late those of {@code invalid} that came later than the stream's lateness allows
     * @param causes how many of {@code invalid} there are of each kind of fault; empty where that
     *     is not known
     */
    public record Totals(long valid, long invalid, long late, Map<String, Long> causes) {
        /** Nothing has been counted. */
        public static final Totals NONE = new Totals(0, 0, 0);

        /** Numbers without the kinds of faults. */
        public Totals(long valid, long invalid, long late) {
            this(valid, invalid, late, Map.of());
        }

        /** Valid and invalid ones. */
        public long events() {
            return valid + invalid;
        }
    }

    /**
     * How far a partition is counted.
     *
     * @param offset the next event to count
     * @param watermark the highest event time before it, in milliseconds since 1970
     */
    public record Position(String topic, int partition, long offset, long watermark) {}

    /** Events of a partition that were gone before they could be counted. */
    public record Loss(String topic, int partition, long events) {}

    /**
     * An event that failed validation, or that one of a derived stream could not be made from.
     *
     * @param element which element of an exploded array, from 0; {@code null}: the whole event
     * @param at when Kafka received it, in ISO-8601
     * @param event its text, possibly shortened
     */
    public record DeadLetter(
            String stream,
            String topic,
            int partition,
            long offset,
            Integer element,
            String at,
            String reason,
            String cause,
            String event) {}

    /**
     * Whether its numbers are those of now, and not of the past, or still being counted anew, or
     * none.
     */
    public boolean isOfNow() {
        return !at.equals(Instant.EPOCH)
                && condition.state() != State.waiting
                && condition.asOf() == null;
    }

    /** A metric over one window. */
    public Optional<WindowView> view(String metric, Window window) {
        return views.stream()
                .filter(view -> view.metric().name().equals(metric))
                .filter(view -> view.window().equals(window))
                .findFirst();
    }

    /** The same, as another version. */
    public Snapshot version(long other) {
        return new Snapshot(
                other, at, now, condition, totals, views, positions, losses, deadLetters);
    }

    /** The same numbers, at the time of another snapshot. */
    public Snapshot at(Snapshot other) {
        return new Snapshot(
                version,
                other.at,
                other.now,
                condition,
                totals,
                views,
                positions,
                losses,
                deadLetters);
    }

    /** The same numbers, of another worth. */
    public Snapshot with(Condition other) {
        if (condition.equals(other)) {
            return this;
        }
        return new Snapshot(
                version + 1, at, now, other, totals, views, positions, losses, deadLetters);
    }
}
