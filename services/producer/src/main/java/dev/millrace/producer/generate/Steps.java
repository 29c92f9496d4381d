package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.DurationText;
import dev.millrace.pipeline.resource.GeneratorSpec.PathSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.SessionSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.StepSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The steps that sessions go through, as a manifest declares them. Shared by all sessions. */
final class Steps {
    /** What comes after the last step. */
    static final int END = -1;

    private static final String DEFAULT_SPEED = "15..30";
    // 1 km/h is a metre in so many microseconds.
    private static final double MICROS_OF_A_METRE = 3.6e6;
    private static final int REHEARSED_EVENTS = 20_000;

    private final List<Step> steps = new ArrayList<>();
    private final Way way;
    private final Span speed;
    private final double meanPause;
    private final double meanLength;

    Steps(SessionSpec spec, SplittableRandom random) {
        List<String> names = spec.steps().stream().map(StepSpec::name).toList();
        for (int i = 0; i < names.size(); i++) {
            steps.add(Step.of(spec.steps().get(i), i, names));
        }
        PathSpec path = spec.path();
        if (path == null) {
            this.way = null;
            this.speed = null;
        } else {
            this.way =
                    path.streets() == null
                            ? new PointWay(path.points())
                            : new StreetWay(path.streets(), path.starts());
            this.speed = Span.of(path.speed() == null ? DEFAULT_SPEED : path.speed());
        }
        // How long sessions are and how often they make events depends on their ways, too. A few of
        // them tell it well enough.
        long events = 0;
        long sessions = 0;
        long micros = 0;
        while (events < REHEARSED_EVENTS) {
            Life life = new Life(this, random);
            life.begin(0);
            sessions++;
            long now = 0;
            while (events < REHEARSED_EVENTS && life.proceed(now)) {
                events++;
                now = life.after(now);
            }
            micros += now;
        }
        // After its end there is a pause, on average as long as those before.
        double pause = (double) micros / events;
        this.meanPause = pause + pause * sessions / events;
        this.meanLength = (double) micros / sessions;
    }

    /** Average microseconds between the events of a session, and from one to the next one. */
    double meanPause() {
        return meanPause;
    }

    /** Average microseconds from the first event of a session to its end. */
    double meanLength() {
        return meanLength;
    }

    Step step(int index) {
        return steps.get(index);
    }

    /** A new way for one session; {@code null} where they have no place. */
    Way way() {
        return way == null ? null : way.another();
    }

    /** A speed, in metres per microsecond. */
    double speed(SplittableRandom random) {
        return speed == null ? 0 : speed.draw(random) / MICROS_OF_A_METRE;
    }

    /** A span that numbers are drawn from, small ones more often than large ones: log-uniform. */
    record Span(double least, double greatest) {
        static Span of(String range) {
            String[] parts = range.split("\\.\\.");
            return new Span(
                    Double.parseDouble(parts[0]), Double.parseDouble(parts[parts.length - 1]));
        }

        /** A span of durations, in microseconds. */
        static Span ofDurations(String range) {
            String[] parts = range.split("\\.\\.");
            return new Span(micros(parts[0]), micros(parts[parts.length - 1]));
        }

        double draw(SplittableRandom random) {
            return least * Math.exp(random.nextDouble() * Math.log(greatest / least));
        }
    }

    static double micros(String duration) {
        return DurationText.parse(duration).orElseThrow().toNanos() / 1e3;
    }

    /**
     * One step.
     *
     * @param name as a JSON string and as plain bytes
     * @param lasts {@code null}: until it has arrived, or no time
     * @param every microseconds between further events; 0: there are none
     * @param followers the steps that may follow, or {@link #END}
     */
    record Step(
            int index,
            Text name,
            Span lasts,
            double every,
            boolean moves,
            int[] followers,
            WeightedChoice choice) {
        private static Step of(StepSpec spec, int index, List<String> names) {
            List<Integer> followers = new ArrayList<>();
            List<Double> weights = new ArrayList<>();
            if (spec.next() == null && spec.end() == null) {
                followers.add(index + 1 < names.size() ? index + 1 : END);
                weights.add(1.0);
            }
            if (spec.next() != null) {
                for (Map.Entry<String, Double> next : spec.next().entrySet()) {
                    followers.add(names.indexOf(next.getKey()));
                    weights.add(next.getValue());
                }
            }
            if (spec.end() != null) {
                followers.add(END);
                weights.add(spec.end());
            }
            return new Step(
                    index,
                    Text.of(spec.name()),
                    spec.lasts() == null ? null : Span.ofDurations(spec.lasts()),
                    spec.every() == null ? 0 : micros(spec.every()),
                    Boolean.TRUE.equals(spec.moves()),
                    followers.stream().mapToInt(Integer::intValue).toArray(),
                    new WeightedChoice(
                            weights.stream().mapToDouble(Double::doubleValue).toArray()));
        }

        int next(SplittableRandom random) {
            return followers[choice.draw(random)];
        }
    }

    /** Marks the steps of some names. */
    static boolean[] marks(SessionSpec spec, List<String> names) {
        boolean[] marks = new boolean[spec.steps().size()];
        IntStream.range(0, marks.length)
                .forEach(i -> marks[i] = names.contains(spec.steps().get(i).name()));
        return marks;
    }
}
