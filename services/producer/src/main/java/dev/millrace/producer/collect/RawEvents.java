package dev.millrace.producer.collect;

import dev.millrace.pipeline.event.EventLimits;

import org.springframework.http.HttpStatus;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The events of a request: slices of its body, copied only when they are asked for. */
final class RawEvents {
    private final byte[] body;
    private final int most;
    private final Map<Integer, byte[]> decoded = new HashMap<>();
    private int[] from = new int[64];
    private int[] to = new int[64];
    private int count;

    /**
     * No events yet.
     *
     * @param most most events that may be added
     */
    RawEvents(byte[] body, int most) {
        this.body = body;
        this.most = most;
    }

    /**
     * Adds a slice of the body.
     *
     * @throws RefusedException 413 where it is larger than an event may be, or one too many
     */
    void add(int start, int end) {
        checkSize(end - start, "at byte " + start);
        checkCount();
        if (count == from.length) {
            from = Arrays.copyOf(from, 2 * count);
            to = Arrays.copyOf(to, 2 * count);
        }
        from[count] = start;
        to[count++] = end;
    }

    /** Adds an event that is not in the body as it is; otherwise like {@link #add(int, int)}. */
    void add(byte[] event) {
        checkSize(event.length, "after decoding");
        decoded.put(count, event);
        add(0, 0);
    }

    int count() {
        return count;
    }

    /** The bytes of an event, counted from 0. */
    byte[] event(int index) {
        byte[] event = decoded.get(index);
        if (event != null) {
            return event;
        }
        return to[index] - from[index] == body.length
                ? body
                : Arrays.copyOfRange(body, from[index], to[index]);
    }

    private void checkSize(int size, String where) {
        if (size > EventLimits.BYTES) {
            throw RefusedException.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "Event "
                            + count
                            + " (counted from 0, "
                            + where
                            + ") has "
                            + size
                            + " bytes; an event may have "
                            + EventLimits.BYTES
                            + ". Nothing was written; send the request without it.");
        }
    }

    private void checkCount() {
        if (count == most) {
            throw RefusedException.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "The body holds more than "
                            + most
                            + " events. Nothing was written; split it into several requests.");
        }
    }
}
