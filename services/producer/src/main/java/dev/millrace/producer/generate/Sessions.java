package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.DurationText;
import dev.millrace.pipeline.resource.GeneratorSpec.ActorSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.SessionSpec;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * Who acts next. So many sessions are open that their pauses make the wanted rate; where that would
 * take more sessions than there are people for, time runs faster in them. A session that ends makes
 * room for one of another actor: popular actors come more often, but nobody is there twice at a
 * time. For one thread.
 */
final class Sessions {
    private static final int MOST = 1 << 16;
    private static final int SLOT_BITS = 16;
    private static final long FAR = 1L << 46;
    private static final int DEFAULT_ACTORS = 500;
    private static final int DEFAULT_LENGTH = 12;
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(8);
    private static final double AT_ONCE = 0.4;
    private static final int TRIES = 16;

    private final SplittableRandom random;
    private final Pauses pauses;
    private final double logContinue;
    private final int actors;
    private final long step;
    private final long offset;
    private final String before;
    private final String after;
    private final boolean[] open;
    private final int[] actor;
    private final int[] left;
    private final byte[][] actorName;
    private final byte[][] actorJson;
    private final byte[][] sessionName;
    private final byte[][] sessionJson;
    // A heap of the open sessions: time of the next event in microseconds, and the slot.
    private final long[] due;

    /**
     * Open sessions.
     *
     * @param rate events per second
     */
    Sessions(ActorSpec actorSpec, SessionSpec sessionSpec, double rate, SplittableRandom random) {
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
        int wanted = (int) Math.min(MOST, Math.round(rate * pause.toNanos() / 1e9));
        int slots = Math.max(1, Math.min(wanted, (int) Math.ceil(actors * AT_ONCE)));
        this.open = new boolean[actors];
        this.actor = new int[slots];
        this.left = new int[slots];
        this.actorName = new byte[slots][];
        this.actorJson = new byte[slots][];
        this.sessionName = new byte[slots][];
        this.sessionJson = new byte[slots][];
        this.due = new long[slots];
        for (int slot = 0; slot < slots; slot++) {
            begin(slot);
            due[slot] = (long) (random.nextDouble() * pauses.mean()) << SLOT_BITS | slot;
        }
        for (int i = slots / 2 - 1; i >= 0; i--) {
            sink(i, due[i]);
        }
    }

    /** Moves on to the next event, and tells whose it is. */
    void next(Moment moment) {
        long first = due[0];
        int slot = (int) first & (MOST - 1);
        long time = first >>> SLOT_BITS;
        moment.actor = actor[slot];
        moment.actorName = actorName[slot];
        moment.actorJson = actorJson[slot];
        moment.sessionName = sessionName[slot];
        moment.sessionJson = sessionJson[slot];
        if (--left[slot] == 0) {
            open[actor[slot]] = false;
            begin(slot);
        }
        sink(0, (time + pauses.draw(random)) << SLOT_BITS | slot);
        if (time > FAR) {
            startTimeAnew(time);
        }
    }

    private void begin(int slot) {
        int who = newActor();
        actor[slot] = who;
        open[who] = true;
        left[slot] = length();
        String name = name(who);
        actorName[slot] = name.getBytes(StandardCharsets.UTF_8);
        actorJson[slot] = JsonText.string(name);
        String session = HexFormat.of().toHexDigits(random.nextLong());
        sessionName[slot] = session.getBytes(StandardCharsets.US_ASCII);
        sessionJson[slot] = JsonText.string(session);
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

    private void sink(int from, long value) {
        int i = from;
        int half = due.length >>> 1;
        while (i < half) {
            int child = 2 * i + 1;
            if (child + 1 < due.length && due[child + 1] < due[child]) {
                child++;
            }
            if (value <= due[child]) {
                break;
            }
            due[i] = due[child];
            i = child;
        }
        due[i] = value;
    }

    private void startTimeAnew(long now) {
        for (int i = 0; i < due.length; i++) {
            due[i] -= now << SLOT_BITS;
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
