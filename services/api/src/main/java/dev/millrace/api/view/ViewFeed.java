package dev.millrace.api.view;

import dev.millrace.api.json.Json;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.sse.Feed;
import dev.millrace.api.sse.ServerSentEvents;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshots;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** A view's answer to one client: at once, whenever it changes, and at least every interval. */
final class ViewFeed implements Feed {
    private final ViewBody body;
    private final Map<String, Integer> limits;
    private final Snapshots snapshots;
    private final long intervalNanos;
    private final long paceNanos;
    private byte[] sent;
    private long sentAt;
    private long version = -1;
    private boolean isDegraded;

    /**
     * A client's stream.
     *
     * @param interval the longest time between two answers
     * @param pace the shortest time between two answers
     */
    ViewFeed(
            ViewBody body,
            Map<String, Integer> limits,
            Snapshots snapshots,
            Duration interval,
            Duration pace) {
        this.body = body;
        this.limits = limits;
        this.snapshots = snapshots;
        this.intervalNanos = interval.toNanos();
        this.paceNanos = Math.min(pace.toNanos(), intervalNanos);
    }

    @Override
    public byte[] next(Duration longest) throws InterruptedException {
        if (sent == null) {
            return send(snapshots.newest());
        }
        long begin = System.nanoTime();
        Thread.sleep(Duration.ofNanos(Math.max(0, sentAt + paceNanos - begin)));
        while (true) {
            long time = System.nanoTime();
            long due = sentAt + intervalNanos - time;
            if (due <= 0) {
                return send(snapshots.newest());
            }
            long left = begin + longest.toNanos() - time;
            if (left <= 0) {
                return null;
            }
            Snapshot next = snapshots.await(version, Duration.ofNanos(Math.min(due, left)));
            if (next.version() != version) {
                version = next.version();
                if (isDegraded != next.condition().isDegraded()
                        || !Arrays.equals(sent, body.bytes(next, limits))) {
                    return send(next);
                }
            }
        }
    }

    private byte[] send(Snapshot snapshot) {
        version = snapshot.version();
        sent = body.bytes(snapshot, limits);
        sentAt = System.nanoTime();
        byte[] event = ServerSentEvents.event(null, null, sent);
        if (isDegraded == snapshot.condition().isDegraded()) {
            return event;
        }
        isDegraded = snapshot.condition().isDegraded();
        Map<String, Object> condition = new LinkedHashMap<>();
        Shapes.putCondition(condition, snapshot.condition());
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(ServerSentEvents.event(null, "condition", Json.bytes(condition)));
        both.writeBytes(event);
        return both.toByteArray();
    }
}
