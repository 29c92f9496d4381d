package dev.millrace.producer.generate;

import java.util.SplittableRandom;

/**
 * One session on its way through the steps. Times are in microseconds of the sessions' own clock.
 * Can be used again for another session. For one thread.
 */
final class Life {
    private static final int STAYS = -2;
    private static final double JITTER = 0.1;
    private static final double LONGEST_MICROS = 30 * 86_400e6;

    private final Steps steps;
    private final SplittableRandom random;
    private final Way way;
    private double speed;
    private Steps.Step step;
    private long stepBegin;
    private long stepEnd;
    private long placed;
    private int pending;
    private boolean isSinceKnown;
    private long since;

    Life(Steps steps, SplittableRandom random) {
        this.steps = steps;
        this.random = random;
        this.way = steps.way();
    }

    /** Begins a new session, whose first event is at a time. */
    void begin(long now) {
        speed = steps.speed(random);
        if (way != null) {
            way.begin(random);
        }
        enter(0, now);
    }

    private void enter(int index, long now) {
        step = steps.step(index);
        stepBegin = now;
        placed = now;
        pending = STAYS;
        isSinceKnown = false;
        double micros = step.lasts() == null ? 0 : step.lasts().draw(random);
        if (step.moves()) {
            double metres = way.setOut(random);
            if (step.lasts() == null) {
                micros = metres / speed;
            }
        }
        stepEnd = now + Math.round(Math.min(micros, LONGEST_MICROS));
    }

    /**
     * Goes on to the time of {@link #after}, or at first to that of {@link #begin}.
     *
     * @return whether there is an event; if not, the session has ended
     */
    boolean proceed(long now) {
        if (step.moves()) {
            walk(now);
        }
        if (pending >= 0) {
            enter(pending, now);
        }
        return pending != Steps.END;
    }

    private void walk(long now) {
        boolean untilArrival = step.lasts() == null;
        double metres =
                untilArrival && pending != STAYS ? Double.MAX_VALUE : speed * (now - placed);
        placed = now;
        double left = way.walk(metres, random);
        while (!untilArrival && left > 0 && way.setOut(random) > 0) {
            left = way.walk(left, random);
        }
    }

    /** When something happens next, after an event now. */
    long after(long now) {
        if (step.every() > 0) {
            double factor = 1 - JITTER + 2 * JITTER * random.nextDouble();
            long further = now + Math.max(1, Math.round(step.every() * factor));
            if (further < stepEnd) {
                pending = STAYS;
                return further;
            }
        }
        pending = step.next(random);
        return Math.max(now, stepEnd);
    }

    /** Tells where the session is. */
    void describe(long now, Moment moment) {
        if (!isSinceKnown) {
            isSinceKnown = true;
            since = moment.millis - (now - stepBegin) / 1_000;
        }
        moment.step = step;
        moment.since = since;
        if (way != null) {
            moment.longitude = way.longitude();
            moment.latitude = way.latitude();
        }
    }

    /** Lets all times be so much earlier. */
    void startAnew(long micros) {
        stepBegin -= micros;
        stepEnd -= micros;
        placed -= micros;
    }
}
