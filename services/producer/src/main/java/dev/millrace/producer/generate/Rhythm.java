package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.DurationText;
import dev.millrace.pipeline.resource.GeneratorSpec;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * How many events each batch has: within the range of the manifest, more by day (UTC) than by
 * night, and never quite the same. For one thread.
 */
final class Rhythm {
    private static final String DEFAULT_RATE = "20..100";
    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(1);
    private static final double PEAK_HOUR = 15;
    private static final double DAY_SWING = 0.25;
    private static final double NOISE_KEPT = 0.9;
    private static final double NOISE_ADDED = 0.08;

    private final SplittableRandom random;
    private final int least;
    private final int greatest;
    private final Duration wait;
    private double noise;

    Rhythm(GeneratorSpec spec, SplittableRandom random) {
        this.random = random;
        String[] rate = (spec.rate() == null ? DEFAULT_RATE : spec.rate()).split("\\.\\.");
        this.least = Integer.parseInt(rate[0]);
        this.greatest = Integer.parseInt(rate[rate.length - 1]);
        this.wait =
                spec.waitAfterBatch() == null
                        ? DEFAULT_WAIT
                        : DurationText.parse(spec.waitAfterBatch()).orElse(DEFAULT_WAIT);
    }

    /** Pause after each batch. */
    Duration waitAfterBatch() {
        return wait;
    }

    /** Events per second, on average over a day. */
    double meanRate() {
        return (least + greatest) / 2.0 / (wait.toNanos() / 1e9);
    }

    /**
     * Events of the next batch.
     *
     * @param now in milliseconds since 1970
     */
    int next(long now) {
        double hour = (double) now / TimeUnit.HOURS.toMillis(1) % 24;
        double day = Math.cos((hour - PEAK_HOUR) / 24 * 2 * Math.PI);
        noise = NOISE_KEPT * noise + NOISE_ADDED * random.nextGaussian();
        double level = Math.clamp(0.5 + DAY_SWING * day + noise, 0.0, 1.0);
        return least + (int) Math.round(level * (greatest - least));
    }
}
