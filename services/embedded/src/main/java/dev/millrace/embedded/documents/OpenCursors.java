package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.exception.CursorNotFoundException;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Results that somebody has read in part. Those that nobody goes on with are given up. */
final class OpenCursors {

    /** As in MongoDB. */
    private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final CursorRegistry registry;
    private final Set<PendingCursor> open = ConcurrentHashMap.newKeySet();

    OpenCursors(CursorRegistry registry) {
        this.registry = registry;
    }

    void add(PendingCursor cursor) {
        registry.add(cursor);
        open.add(cursor);
    }

    /**
     * Gives up those that were last used a while ago.
     *
     * @param now by {@link System#nanoTime()}
     */
    void removeIdle(long now) {
        open.removeIf(
                cursor -> {
                    if (isOpen(cursor) && now - cursor.used() < IDLE_NANOS) {
                        return false;
                    }
                    registry.remove(cursor);
                    return true;
                });
    }

    /** Those that were read to their end, or closed by a client, are in the registry no more. */
    private boolean isOpen(PendingCursor cursor) {
        try {
            return registry.getCursor(cursor.getId()) == cursor;
        } catch (CursorNotFoundException _) {
            return false;
        }
    }
}
