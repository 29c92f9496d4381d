package dev.millrace.bench.processor;

import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the numbers must be, added up beside the log: for each minute of event time. */
public final class Truth {
    private static final long MINUTE = 60_000;

    private final Shape shape;
    private final TreeMap<Long, Minute> minutes = new TreeMap<>();
    private long events;
    private long views;

    /**
     * One minute.
     *
     * @param sessions a bit for each session of each user
     * @param views of each page
     */
    record Minute(byte[] sessions, int[] views) {
        long users() {
            return IntStream.range(0, sessions.length).filter(i -> sessions[i] != 0).count();
        }

        long pairs() {
            return IntStream.range(0, sessions.length).mapToLong(this::sessionsOf).sum();
        }

        int sessionsOf(int user) {
            return Integer.bitCount(sessions[user]);
        }

        long allViews() {
            return Arrays.stream(views).asLongStream().sum();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Minute minute
                    && Arrays.equals(sessions, minute.sessions)
                    && Arrays.equals(views, minute.views);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(sessions) + Arrays.hashCode(views);
        }
    }

    Truth(Shape shape) {
        this.shape = shape;
    }

    void add(Events.Made event) {
        Minute minute =
                minutes.computeIfAbsent(
                        event.time() - event.time() % MINUTE,
                        start -> new Minute(new byte[shape.users()], new int[shape.pages()]));
        minute.sessions()[event.user()] |= (byte) (1 << event.session());
        events++;
        if (event.view()) {
            minute.views()[event.page()]++;
            views++;
        }
    }

    /** By the minutes' starts, in milliseconds since 1970. */
    TreeMap<Long, Minute> minutes() {
        return minutes;
    }

    long events() {
        return events;
    }

    long views() {
        return views;
    }

    /** Pairs of user and minute, of session and minute, and page views: what others count, too. */
    String sums() {
        long users = minutes.values().stream().mapToLong(Minute::users).sum();
        long pairs = minutes.values().stream().mapToLong(Minute::pairs).sum();
        return users + " " + pairs + " " + views;
    }
}
