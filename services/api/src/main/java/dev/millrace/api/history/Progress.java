package dev.millrace.api.history;

import dev.millrace.api.history.BucketSource.Position;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How far history is written. Kept in Mongo with history itself, for whoever goes on.
 *
 * <p>An epoch begins when the state in Redis may have gone back, and when what was lost by that is
 * counted again; then all buckets are written anew. Epochs that belong to one going back are a
 * generation.
 *
 * @param epoch number of the epoch, above all those before
 * @param era of the state in Redis
 * @param done the flush up to which all changes of this epoch are written
 * @param caughtUp whether counting has reached {@code target} again
 * @param base the first epoch of the generation
 * @param began the pipeline's clock when the generation began, in milliseconds since 1970
 * @param target offsets by {@code TOPIC:PARTITION} that history stood for before the generation
 * @param lost how many events were lost before the generation
 * @param guardBase the first epoch of the newest generation that could not count everything again
 * @param guardBefore what was closed then keeps its numbers of earlier epochs
 * @param asOf when history was complete last, in milliseconds since 1970; 0: never
 * @param now the pipeline's clock then; 0: there was none
 * @param positions what history stands for at most
 * @param lostThen how many events are lost in it
 * @param valid how many events counted then
 * @param rejected how many did not
 * @param late those of {@code rejected} that came too late
 * @param whole what history stood for at least then: every event before is in it
 */
public record Progress(
        long epoch,
        String era,
        long done,
        boolean caughtUp,
        long base,
        long began,
        Map<String, Long> target,
        long lost,
        long guardBase,
        long guardBefore,
        long asOf,
        long now,
        Map<String, Position> positions,
        long lostThen,
        long valid,
        long rejected,
        long late,
        Map<String, Position> whole) {

    /** Before anything is written. */
    public static Progress first(long epoch) {
        return new Progress(
                epoch, null, 0, true, epoch, 0, Map.of(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, 0,
                Map.of());
    }

    /**
     * The epoch in which a state is written that may have gone back. Where the former generation
     * has not caught up, what it had to reach still holds.
     *
     * @param clock the pipeline's clock
     */
    Progress next(String newEra, long clock) {
        Map<String, Long> reached = new HashMap<>();
        positions.forEach((partition, position) -> reached.put(partition, position.offset()));
        return new Progress(
                epoch + 1,
                newEra,
                0,
                false,
                caughtUp ? epoch + 1 : base,
                caughtUp ? clock : began,
                caughtUp ? Map.copyOf(reached) : target,
                caughtUp ? lostThen : lost,
                guardBase,
                guardBefore,
                asOf,
                now,
                positions,
                lostThen,
                valid,
                rejected,
                late,
                whole);
    }

    /**
     * The epoch in which a state is written that has caught up. Where more events are lost than
     * before, the buckets that were closed when the generation began may have less than they had.
     */
    Progress caughtUp(BucketSource.Head head) {
        boolean lossy = head.lost() > lost;
        return new Progress(
                epoch + 1,
                era,
                0,
                true,
                base,
                began,
                target,
                lost,
                lossy ? base : guardBase,
                lossy ? began : guardBefore,
                asOf,
                now,
                head.positions(),
                head.lost(),
                valid,
                rejected,
                late,
                whole);
    }

    /**
     * Whether positions are where counting has to be again.
     *
     * @param topics those that are counted: a changed pipeline may have left others
     */
    boolean isReached(Map<String, Position> there, Set<String> topics) {
        return target.entrySet().stream()
                .filter(
                        entry ->
                                topics.contains(
                                        entry.getKey()
                                                .substring(0, entry.getKey().lastIndexOf(':'))))
                .allMatch(entry -> offset(there, entry.getKey()) >= entry.getValue());
    }

    /**
     * Whether history stands for more than a state that is said not to have gone back. Not to be
     * told while that is counted again.
     */
    boolean isAheadOf(BucketSource.Head head) {
        return caughtUp
                && positions.entrySet().stream()
                        .anyMatch(
                                entry ->
                                        offset(head.positions(), entry.getKey())
                                                < entry.getValue().offset());
    }

    private static long offset(Map<String, Position> positions, String partition) {
        Position position = positions.get(partition);
        return position == null ? -1 : position.offset();
    }

    /** The same, of a state that has caught up and is about to be written. */
    Progress at(BucketSource.Head head) {
        return new Progress(
                epoch,
                era,
                done,
                caughtUp,
                base,
                began,
                target,
                lost,
                guardBase,
                guardBefore,
                asOf,
                now,
                head.positions(),
                head.lost(),
                valid,
                rejected,
                late,
                whole);
    }

    /**
     * The same, as of a head up to which everything is written. What is counted again is not told
     * before it has caught up.
     *
     * @param newest the head now: some of what came since is written too
     */
    Progress completed(BucketSource.Head head, BucketSource.Head newest, long time, long clock) {
        return new Progress(
                epoch,
                era,
                head.sequence(),
                caughtUp,
                base,
                began,
                target,
                lost,
                guardBase,
                guardBefore,
                caughtUp ? time : asOf,
                caughtUp ? clock : now,
                caughtUp ? newest.positions() : positions,
                caughtUp ? newest.lost() : lostThen,
                caughtUp ? head.valid() : valid,
                caughtUp ? head.rejected() : rejected,
                caughtUp ? head.late() : late,
                caughtUp ? head.positions() : whole);
    }
}
