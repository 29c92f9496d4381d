package dev.millrace.api.live;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.sse.Feed;

import java.time.Duration;

/** The live stream to one client. */
public final class LiveFeed implements Feed {
    private final Broadcast broadcast;
    private final ApiMeters meters;
    private long position;

    /**
     * A client's stream.
     *
     * @param lastEventId the id of the last message that it got, or {@code null}
     */
    public LiveFeed(Broadcast broadcast, ApiMeters meters, String lastEventId) {
        this.broadcast = broadcast;
        this.meters = meters;
        this.position = broadcast.resume(lastEventId);
    }

    @Override
    public byte[] next(Duration longest) throws InterruptedException {
        Broadcast.Message message = broadcast.next(position, longest);
        if (message == null) {
            return null;
        }
        if (message.isSnapshot() && position >= 0) {
            meters.behind();
        }
        position = message.sequence();
        return message.bytes();
    }
}
