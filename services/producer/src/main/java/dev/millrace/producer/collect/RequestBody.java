package dev.millrace.producer.collect;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads the body of a request, gunzipped where it is gzip, and never holds more than it may.
 *
 * @param limit most bytes, before and after gunzip
 * @param longest how long the body may take to arrive
 */
record RequestBody(int limit, Duration longest) {
    /** What the smallest request counts as, so that their number is bounded too. */
    private static final int EACH = 16 << 10;

    private static final int FIRST = 64 << 10;

    /**
     * The bytes of the body.
     *
     * @throws RefusedException 400 where it is empty, broken gzip or ends early, 408 where it takes
     *     too long, 413 where it is too large, 415 for other encodings, 429 where the budget is
     *     used up
     */
    byte[] read(HttpServletRequest request, Budget.Share share) {
        boolean gzip = isGzip(request.getHeader("Content-Encoding"));
        long declared = request.getContentLengthLong();
        if (declared > limit) {
            throw tooLarge("has " + declared + " bytes");
        }
        byte[] body;
        try {
            int expected = declared < 0 ? limit : (int) declared;
            body = read(request.getInputStream(), expected, share, "is larger");
        } catch (IOException e) {
            throw RefusedException.of(
                    HttpStatus.BAD_REQUEST,
                    "The body ended before it was complete; send it again.");
        }
        if (gzip && body.length > 0) {
            try (InputStream inflated = new GZIPInputStream(new ByteArrayInputStream(body))) {
                body = read(inflated, limit, share, "is larger when unpacked");
            } catch (IOException e) {
                throw RefusedException.of(
                        HttpStatus.BAD_REQUEST,
                        "Content-Encoding says gzip, but the body is no complete gzip: "
                                + e.getMessage()
                                + ".");
            }
        }
        if (body.length == 0) {
            throw RefusedException.of(
                    HttpStatus.BAD_REQUEST,
                    "The body is empty; send one JSON event, an array of events, or one event in"
                            + " each line.");
        }
        return body;
    }

    private static boolean isGzip(String encoding) {
        return switch (encoding == null ? "" : encoding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default ->
                    throw RefusedException.of(
                            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                            "Content-Encoding "
                                    + encoding
                                    + " is not supported; use gzip, or none.");
        };
    }

    /** Reads to the end; the buffer grows with what arrives, not with what is promised. */
    private byte[] read(InputStream in, int expected, Budget.Share share, String excess)
            throws IOException {
        long deadline = System.nanoTime() + longest.toNanos();
        int size = Math.min(Math.max(expected, 1), FIRST);
        share.take(Math.max(size, EACH));
        byte[] buffer = new byte[size];
        int length = 0;
        while (true) {
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                return length == buffer.length ? buffer : Arrays.copyOf(buffer, length);
            }
            length += read;
            if (System.nanoTime() - deadline > 0) {
                throw RefusedException.of(
                        HttpStatus.REQUEST_TIMEOUT,
                        "The body took longer than "
                                + longest.toSeconds()
                                + " s to arrive; send smaller requests.");
            }
            if (length == buffer.length) {
                int next = in.read();
                if (next < 0) {
                    return buffer;
                }
                if (length >= limit) {
                    throw tooLarge(excess);
                }
                int larger = (int) Math.min(limit, Math.max(2L * length, FIRST));
                share.take(larger - length);
                buffer = Arrays.copyOf(buffer, larger);
                buffer[length++] = (byte) next;
            }
        }
    }

    private RefusedException tooLarge(String how) {
        return RefusedException.of(
                HttpStatus.CONTENT_TOO_LARGE,
                "The body "
                        + how
                        + "; at most "
                        + limit
                        + " bytes are allowed. Nothing was written; split it into several requests.");
    }
}
