package dev.millrace.processor.state;

import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Where a plan's numbers are counted: in the live database of Redis, which everybody reads, or,
 * while that holds those of another plan, in the one behind it, until they have caught up. Then the
 * two change places at once. So a changed manifest shows the former numbers, which its processors
 * go on counting if they run, until the new ones are as new. For one thread.
 */
public final class Generations {
    private static final Logger log = LoggerFactory.getLogger(Generations.class);

    private final WindowStore live;
    private final WindowStore beside;
    private final int liveDatabase;
    private final Set<String> topics;
    private Map<TopicPartition, Long> goal = Map.of();
    private boolean hasGoal;
    private long toGo;

    /**
     * The generations of a pipeline.
     *
     * @param beside the same in the database of the next number; {@code null} where Redis has only
     *     one, as a cluster has: then the former numbers are removed first
     * @param liveDatabase number of the live database
     * @param topics which are counted
     */
    public Generations(
            WindowStore live, WindowStore beside, int liveDatabase, Collection<String> topics) {
        this.live = live;
        this.beside = beside;
        this.liveDatabase = liveDatabase;
        this.topics = Set.copyOf(topics);
    }

    /**
     * Finds out where to count, and makes the state there the plan's.
     *
     * @throws StoreUnavailableException when Redis does not answer
     */
    public WindowStore begin() {
        hasGoal = false;
        Survey there = live.survey();
        boolean changed = there.hasNumbers() && !live.isOwn(there.fingerprint());
        if (changed && beside != null) {
            String obstacle = obstacle(there);
            if (obstacle == null) {
                if (beside.begin()) {
                    log.info(
                            "The manifest has changed: everything is counted anew from the oldest events in Kafka, in"
                                    + " database {} of Redis, beside the numbers that are shown",
                            liveDatabase + 1);
                }
                return beside;
            }
            log.warn(
                    "The manifest has changed, and the former numbers are removed before it is counted anew, for {}",
                    obstacle);
        }
        if (live.begin()) {
            log.info("The state in Redis is new: counting begins with the oldest events in Kafka");
        }
        discard();
        return live;
    }

    /** Why nothing can be counted beside what is live; {@code null} where it can. */
    private String obstacle(Survey there) {
        if (there.foreign()) {
            return "Redis's database "
                    + liveDatabase
                    + " also holds keys of others; give the pipeline a Redis of its own";
        }
        try {
            if (beside.survey().foreign()) {
                return "Redis's database " + (liveDatabase + 1) + " holds keys of others";
            }
        } catch (StoreUnavailableException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            return "Redis's database " + (liveDatabase + 1) + " cannot be used: " + e.getMessage();
        }
        return live.hasRoomForTwice()
                ? null
                : "Redis has no memory for both (maxmemory is less than twice what is used)";
    }

    /** Removes what is left beside of former numbers, if anything, once there are new ones. */
    private void discard() {
        if (beside == null) {
            return;
        }
        try {
            beside.discard();
        } catch (RuntimeException e) {
            // Whatever it is: the live numbers can be counted.
            log.warn("What may be left in Redis beside the live numbers stays: {}", e.toString());
        }
    }

    /** Whether what a store counts is shown. */
    public boolean isLive(WindowStore store) {
        return store == live;
    }

    /** How many events are to be counted until it has caught up, as of the last look. */
    public long toGo() {
        return toGo;
    }

    /**
     * Makes what is counted beside live, once it has come as far as the live numbers were when this
     * was called before. To be called about every second.
     *
     * @param ends tells where partitions end now
     * @return whether to begin anew: it is live now, or what was live has gone
     * @throws StoreUnavailableException when Redis does not answer
     */
    public boolean switchOver(
            Function<Collection<TopicPartition>, Map<TopicPartition, Long>> ends) {
        Survey there = live.survey();
        if (live.isOwn(there.fingerprint()) || !there.hasNumbers()) {
            return true;
        }
        Map<TopicPartition, Position> counted = beside.positions();
        toGo =
                goal.entrySet().stream()
                        .mapToLong(
                                entry -> {
                                    Position position = counted.get(entry.getKey());
                                    return Math.max(
                                            0,
                                            entry.getValue()
                                                    - (position == null ? 0 : position.offset()));
                                })
                        .sum();
        boolean caughtUp = hasGoal && toGo == 0;
        goal = goal(ends);
        hasGoal = true;
        if (!caughtUp) {
            return false;
        }
        String answer = live.switchOver(liveDatabase, liveDatabase + 1);
        log.info("The new numbers have caught up with the former ones; Redis says {}", answer);
        return !answer.equals("gone") || !beside.isOwn(beside.survey().fingerprint());
    }

    /** Where the live numbers are; in a topic that was made anew and is shorter, at its end. */
    private Map<TopicPartition, Long> goal(
            Function<Collection<TopicPartition>, Map<TopicPartition, Long>> ends) {
        Map<TopicPartition, Long> goals = new HashMap<>();
        live.positions()
                .forEach(
                        (partition, position) -> {
                            if (topics.contains(partition.topic())) {
                                goals.put(partition, position.offset());
                            }
                        });
        ends.apply(goals.keySet())
                .forEach((partition, end) -> goals.merge(partition, end, Math::min));
        return goals;
    }
}
