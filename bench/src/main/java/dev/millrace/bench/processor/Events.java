package dev.millrace.bench.processor;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.Instant;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Clickstream events of about 155 bytes, the same for the same arguments. Their times run evenly
 * over some minutes, each up to two seconds off.
 */
final class Events {
    /** How far the first event lies behind the start, and the last one ahead of it. */
    private static final long BEHIND_MILLIS = 30_000;

    private static final long AHEAD_MILLIS = 210_000;

    private static final int PURCHASES = 3;
    private static final int CLICKS = 22;

    private final Shape shape;
    private final long start;
    private final long count;
    private final SplittableRandom random = new SplittableRandom(20_261_121);
    private long made;
    private long second = -1;
    private String secondText;

    /**
     * One event.
     *
     * @param time milliseconds since 1970
     * @param session which of the user's
     * @param view whether it is a page view
     */
    record Made(
            byte[] key, byte[] value, long time, int user, int page, int session, boolean view) {}

    /**
     * Events.
     *
     * @param start milliseconds since 1970
     * @param count how many there will be
     */
    Events(Shape shape, long start, long count) {
        this.shape = shape;
        this.start = start;
        this.count = count;
    }

    Made next() {
        long time =
                start
                        - BEHIND_MILLIS
                        + made++ * (BEHIND_MILLIS + AHEAD_MILLIS) / count
                        + random.nextInt(2_000);
        int user = random.nextInt(shape.users());
        int page = random.nextInt(shape.pages());
        int session = random.nextInt(Shape.SESSIONS);
        int kind = random.nextInt(100);
        String type = kind < PURCHASES ? "purchase" : kind < CLICKS ? "click" : "page_view";
        String text =
                "{\"timestamp\":\""
                        + text(time)
                        + "\",\"user_id\":\"user-"
                        + user
                        + "\",\"event_type\":\""
                        + type
                        + "\",\"page_url\":\""
                        + pageUrl(page)
                        + "\",\"session_id\":\""
                        + sessionId(user, session)
                        + "\"}";
        return new Made(
                ("user-" + user).getBytes(US_ASCII),
                text.getBytes(US_ASCII),
                time,
                user,
                page,
                session,
                kind >= CLICKS);
    }

    static String pageUrl(int page) {
        return "/products/" + page;
    }

    private static String sessionId(int user, int session) {
        long mixed = (user * (long) Shape.SESSIONS + session + 1) * 0x9e37_79b9_7f4a_7c15L;
        return "session-" + HexFormat.of().toHexDigits(mixed);
    }

    private String text(long time) {
        if (time / 1_000 != second) {
            second = time / 1_000;
            secondText = Instant.ofEpochSecond(second).toString().replace("Z", ".");
        }
        return secondText + Long.toString(1_000 + time % 1_000).substring(1) + "Z";
    }
}
