package dev.millrace.api.socket;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.ApiSettings;
import dev.millrace.api.live.Broadcast;
import dev.millrace.api.live.LiveFeed;

import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Session;

import org.springframework.context.SmartLifecycle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clients that follow the live stream over WebSocket, each written by a virtual thread of its own.
 * They are told the same as by server-sent events, and go on with {@code ?lastEventId=} as well.
 */
public final class LiveSockets implements SmartLifecycle {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final int LONGEST_MESSAGE = 1024;

    private final Broadcast broadcast;
    private final ApiSettings settings;
    private final ApiMeters meters;
    private final Map<Session, Thread> clients = new ConcurrentHashMap<>();
    private volatile boolean running;

    /** No clients yet. */
    public LiveSockets(Broadcast broadcast, ApiSettings settings, ApiMeters meters) {
        this.broadcast = broadcast;
        this.settings = settings;
        this.meters = meters;
        meters.watchSockets(clients::size);
    }

    /** Follows from now on, unless there are too many. */
    void open(Session session) {
        if (!running) {
            close(session, CloseCodes.GOING_AWAY, "The server is stopping");
            return;
        }
        if (clients.size() >= settings.clients()) {
            meters.refused();
            close(
                    session,
                    CloseCodes.TRY_AGAIN_LATER,
                    "%d clients stream already, which is the limit".formatted(settings.clients()));
            return;
        }
        // nothing is expected from clients, and little is taken
        session.setMaxTextMessageBufferSize(LONGEST_MESSAGE);
        session.setMaxBinaryMessageBufferSize(LONGEST_MESSAGE);
        List<String> last = session.getRequestParameterMap().getOrDefault("lastEventId", List.of());
        LiveFeed feed = new LiveFeed(broadcast, meters, last.isEmpty() ? null : last.getFirst());
        Thread writer =
                Thread.ofVirtual().name("millrace-api-socket").unstarted(() -> run(session, feed));
        clients.put(session, writer);
        writer.start();
    }

    private void run(Session session, LiveFeed feed) {
        try {
            while (running && session.isOpen()) {
                byte[] message = feed.next(settings.heartbeat());
                if (message == null) {
                    session.getBasicRemote().sendPing(NOTHING);
                } else {
                    session.getBasicRemote().sendText(SocketFrame.of(message));
                }
            }
        } catch (IOException | IllegalStateException _) {
            // the client has gone
        } catch (InterruptedException _) {
            // the server stops, or the client has gone
        } finally {
            clients.remove(session);
            close(session, CloseCodes.GOING_AWAY, "The server is stopping");
        }
    }

    /** The client has gone. */
    void gone(Session session) {
        Thread writer = clients.remove(session);
        if (writer != null) {
            writer.interrupt();
        }
    }

    static void close(Session session, CloseCodes code, String why) {
        try {
            if (session.isOpen()) {
                session.close(new CloseReason(code, why));
            }
        } catch (IOException | IllegalStateException _) {
            // it has gone already
        }
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        clients.values().forEach(Thread::interrupt);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
