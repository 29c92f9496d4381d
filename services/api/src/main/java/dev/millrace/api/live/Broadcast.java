package dev.millrace.api.live;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.json.Json;
import dev.millrace.api.sse.ServerSentEvents;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.worker.Worker;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The stream of updates, encoded once for all clients. The last {@value #KEPT} updates are kept: a
 * client goes on from where it was, after a break or because it is slow; one that is further behind
 * is given a snapshot.
 */
public final class Broadcast extends Worker {
    /** A minute of updates at the shortest distance. */
    static final int KEPT = 120;

    private static final Duration SNAPSHOT_LIFE = Duration.ofSeconds(1);

    private final Snapshots snapshots;
    private final Duration pace;
    private final ApiMeters meters;
    private final String boot = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private final Lock lock = new ReentrantLock();
    private final Condition pushed = lock.newCondition();
    private final byte[][] updates = new byte[KEPT][];
    private Snapshot latest;
    private long sequence;
    private byte[] encoded;
    private long encodedSequence = -1;
    private Instant encodedAt = Instant.EPOCH;
    private long version = -1;

    /** A message, and where the client then is. */
    record Message(byte[] bytes, long sequence, boolean isSnapshot) {}

    /**
     * A stream of what changes between snapshots.
     *
     * @param pace the shortest time between two updates
     */
    public Broadcast(Snapshots snapshots, Duration pace, ApiMeters meters) {
        super(Thread.ofVirtual().name("millrace-api-broadcast"));
        this.snapshots = snapshots;
        this.pace = pace;
        this.meters = meters;
        this.latest = snapshots.newest();
    }

    /**
     * Where a client goes on.
     *
     * @param lastEventId the id of the last message that it got, or {@code null}
     * @return negative where it must begin with a snapshot
     */
    long resume(String lastEventId) {
        if (lastEventId == null || !lastEventId.startsWith(boot + "-")) {
            return -1;
        }
        try {
            long last = Long.parseLong(lastEventId.substring(boot.length() + 1));
            lock.lock();
            try {
                return last >= 0 && last <= sequence && sequence - last <= KEPT ? last : -1;
            } finally {
                lock.unlock();
            }
        } catch (NumberFormatException _) {
            return -1;
        }
    }

    /**
     * Waits for the message that comes after another.
     *
     * @param after negative: a snapshot
     * @return {@code null} when there was none in that time
     */
    Message next(long after, Duration longest) throws InterruptedException {
        long left = longest.toNanos();
        lock.lockInterruptibly();
        try {
            while (after == sequence && left > 0) {
                left = pushed.awaitNanos(left);
            }
            if (after == sequence) {
                return null;
            }
            if (after < 0 || sequence - after > KEPT) {
                return new Message(snapshot(), sequence, true);
            }
            long next = after + 1;
            return new Message(updates[(int) (next % KEPT)], next, false);
        } finally {
            lock.unlock();
        }
    }

    /** Made once for all who come within a second. */
    private byte[] snapshot() {
        Instant at = snapshots.newest().at();
        if (encodedSequence != sequence || encodedAt.plus(SNAPSHOT_LIFE).isBefore(at)) {
            // nothing but the time can have passed since the update of this sequence
            Snapshot current = latest.at(snapshots.newest());
            encoded =
                    ServerSentEvents.event(
                            id(sequence), "snapshot", Json.bytes(LiveMessage.snapshot(current)));
            encodedSequence = sequence;
            encodedAt = at;
        }
        return encoded;
    }

    private String id(long number) {
        return boot + "-" + number;
    }

    private void push(Snapshot next) {
        LiveMessage.update(latest, next)
                .ifPresent(
                        update -> {
                            byte[] data = Json.bytes(update);
                            lock.lock();
                            try {
                                sequence++;
                                latest = next;
                                updates[(int) (sequence % KEPT)] =
                                        ServerSentEvents.event(id(sequence), "update", data);
                                pushed.signalAll();
                            } finally {
                                lock.unlock();
                            }
                            meters.push();
                        });
    }

    @Override
    protected Duration work() throws InterruptedException {
        Snapshot next = snapshots.await(version, pace);
        if (next.version() == version) {
            return Duration.ZERO;
        }
        version = next.version();
        push(next);
        return pace;
    }
}
