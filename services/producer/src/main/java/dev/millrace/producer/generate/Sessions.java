package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.DurationText;
import dev.millrace.pipeline.resource.GeneratorSpec.ActorSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.SessionSpec;

import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Who acts next. So many sessions are open that their pauses make the wanted rate; where that would
 * take more sessions than there are people for, time runs faster in them. A session that ends makes
 * room for one of another actor: popular actors come more often, but nobody is there twice at a
 * time. Sessions are some events with pauses, or go through declared steps. For one thread.
 */
final class Sessions {
    private static final int MOST = Timetable.MOST;
    private static final int DEFAULT_ACTORS = 500;
    private static final int DEFAULT_LENGTH = 12;
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(8);
    private static final double AT_ONCE = 0.4;
    private static final int TRIES = 16;
    private static final double LIVES_BEFORE = 2;
    private static final double MOST_EVENTS_BEFORE = 2e6;
    private static final int LEAST_NUMBER = 100_000;

    private final SplittableRandom random;
    private final Pauses pauses;
    private final double logContinue;
    private final int actors;
    private final long step;
    private final long offset;
    private final String before;
    private final String after;
    private final String sessionFormat;
    private long sessionNumber;
    private final boolean[] open;
    private final int[] actor;
    private final int[] left;
    private final Text[] actorName;
    private final Text[] sessionName;
    private final long[][] kept;
    private final Steps steps;
    private final Life[] lives;
    private final Timetable timetable;

    /**
     * Open sessions.
     *
     * @param keptCount how many values each session keeps
     * @param rate events per second
     */
    Sessions(
            ActorSpec actorSpec,
            SessionSpec sessionSpec,
            int keptCount,
            double rate,
            SplittableRandom random) {
        this.random = random;
        this.actors =
                actorSpec == null
                        ? MOST
                        : actorSpec.count() == null ? DEFAULT_ACTORS : actorSpec.count();
        Duration pause =
                sessionSpec == null || sessionSpec.pause() == null
                        ? DEFAULT_PAUSE
                        : DurationText.parse(sessionSpec.pause()).orElse(DEFAULT_PAUSE);
        int length =
                sessionSpec == null || sessionSpec.length() == null
                        ? DEFAULT_LENGTH
                        : sessionSpec.length();
        this.logContinue = Math.log(1 - 1.0 / length);
        this.pauses = new Pauses(pause);
        String format =
                actorSpec == null
                        ? "{n}"
                        : actorSpec.format() == null
                                ? actorSpec.field() + "-{n}"
                                : actorSpec.format();
        int at = format.indexOf("{n}");
        this.before = at < 0 ? format : format.substring(0, at);
        this.after = at < 0 ? null : format.substring(at + 3);
        this.step = stepThroughAll(actors, random);
        this.offset = random.nextInt(actors);
        this.sessionFormat = sessionSpec == null ? null : sessionSpec.format();
        this.sessionNumber = LEAST_NUMBER + random.nextInt(9 * LEAST_NUMBER);
        this.steps =
                sessionSpec == null || sessionSpec.steps() == null
                        ? null
                        : new Steps(sessionSpec, random);
        double meanPause = steps == null ? pauses.mean() : steps.meanPause();
        int wanted = (int) Math.min(MOST, Math.round(rate * meanPause / 1e6));
        int slots = Math.max(1, Math.min(wanted, (int) Math.ceil(actors * AT_ONCE)));
        this.open = new boolean[actors];
        this.actor = new int[slots];
        this.left = new int[slots];
        this.actorName = new Text[slots];
        this.sessionName = new Text[slots];
        this.kept = new long[slots][keptCount];
        this.lives = steps == null ? null : new Life[slots];
        long[] due = new long[slots];
        for (int slot = 0; slot < slots; slot++) {
            begin(slot);
            if (steps == null) {
                due[slot] = (long) (random.nextDouble() * pauses.mean());
            } else {
                lives[slot] = new Life(steps, random);
                due[slot] = liveUntilNow(slot, slots);
            }
        }
        this.timetable = new Timetable(due);
    }

    /** Some sessions are in each of their steps when time begins, as if it had always gone on. */
    private long liveUntilNow(int slot, int slots) {
        double most = steps.meanPause() * MOST_EVENTS_BEFORE / slots;
        double before = Math.min(LIVES_BEFORE * steps.meanLength(), most);
        long due = -(long) (random.nextDouble() * before);
        lives[slot].begin(due);
        while (due < 0) {
            due = lives[slot].proceed(due) ? lives[slot].after(due) : beginLife(slot, due);
        }
        return due;
    }

    /** Begins a session some time after the end of another; returns when its first event is. */
    private long beginLife(int slot, long now) {
        long begin = now + (long) (2 * random.nextDouble() * steps.meanPause());
        lives[slot].begin(begin);
        return begin;
    }

    /** Moves on to the next event, and tells whose it is. */
    void next(Moment moment) {
        long time = timetable.time();
        if (time > Timetable.FAR) {
            startTimeAnew(time);
            time = 0;
        }
        if (steps != null) {
            nextOfLives(moment);
            return;
        }
        int slot = timetable.slot();
        tell(slot, moment);
        if (--left[slot] == 0) {
            beginAnew(slot);
        }
        timetable.postpone(time + pauses.draw(random));
    }

    private void nextOfLives(Moment moment) {
        while (true) {
            int slot = timetable.slot();
            long time = timetable.time();
            if (lives[slot].proceed(time)) {
                tell(slot, moment);
                lives[slot].describe(time, moment);
                timetable.postpone(lives[slot].after(time));
                return;
            }
            beginAnew(slot);
            timetable.postpone(beginLife(slot, time));
        }
    }

    private void tell(int slot, Moment moment) {
        moment.actor = actor[slot];
        moment.actorName = actorName[slot];
        moment.sessionName = sessionName[slot];
        moment.kept = kept[slot];
    }

    private void beginAnew(int slot) {
        open[actor[slot]] = false;
        begin(slot);
    }

    private void begin(int slot) {
        int who = newActor();
        actor[slot] = who;
        open[who] = true;
        left[slot] = length();
        actorName[slot] = Text.of(name(who));
        long number = sessionNumber++;
        sessionName[slot] =
                Text.of(
                        sessionFormat == null
                                ? HexFormat.of().toHexDigits(random.nextLong())
                                : sessionFormat.replace("{n}", Long.toString(number)));
        // Not the same array: the moment of the last event may still be in use.
        kept[slot] = new long[kept[slot].length];
        for (int i = 0; i < kept[slot].length; i++) {
            kept[slot][i] = random.nextLong();
        }
    }

    /** Geometric: after each event a session goes on with the same probability. */
    private int length() {
        return logContinue == Double.NEGATIVE_INFINITY
                ? 1
                : 1 + (int) Math.min(1e9, Math.log(1 - random.nextDouble()) / logContinue);
    }

    /** A popular one who is not here already; where all of those are, the next who is not. */
    private int newActor() {
        int who = popular();
        for (int i = 0; i < TRIES && open[who]; i++) {
            who = popular();
        }
        while (open[who]) {
            who = (who + 1) % actors;
        }
        return who;
    }

    /** Zipf's law: the k-th actor comes in proportion to log(1 + 1/k), which is about 1/k. */
    private int popular() {
        return Math.min(actors, (int) Math.exp(random.nextDouble() * Math.log(actors + 1.0))) - 1;
    }

    /** Popularity must not show in the number. */
    private String name(int rank) {
        return after == null ? before : before + (1 + (rank * step + offset) % actors) + after;
    }

    /** A step that meets all of so many actors: one without a common divisor. */
    private static long stepThroughAll(int count, SplittableRandom random) {
        long step = 1 + random.nextInt(count);
        while (gcd(step, count) != 1) {
            step++;
        }
        return step;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private void startTimeAnew(long now) {
        timetable.startAnew(now);
        if (lives != null) {
            for (Life life : lives) {
                life.startAnew(now);
            }
        }
    }

    /** Log-normal pauses around a mean, in microseconds; drawn beforehand, used again. */
    private static final class Pauses {
        private static final int COUNT = 4096;
        private static final double SIGMA = 0.8;

        private final long[] micros = new long[COUNT];
        private final double mean;

        Pauses(Duration mean) {
            this.mean = mean.toNanos() / 1e3;
            SplittableRandom normal = new SplittableRandom(COUNT);
            for (int i = 0; i < COUNT; i++) {
                double factor = Math.exp(SIGMA * normal.nextGaussian() - SIGMA * SIGMA / 2);
                micros[i] = Math.max(1, Math.round(this.mean * factor));
            }
        }

        double mean() {
            return mean;
        }

        long draw(SplittableRandom random) {
            return micros[random.nextInt() & (COUNT - 1)];
        }
    }
}
