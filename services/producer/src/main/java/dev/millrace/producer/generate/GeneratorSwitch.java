package dev.millrace.producer.generate;

/**
 * Whether and how fast synthetic events are made.
 *
 * @param enabled whether streams with a generator get any
 * @param rate events per second of each such stream, 1 to 10 million, instead of what the manifest
 *     says; {@code null}: what the manifest says
 */
public record GeneratorSwitch(boolean enabled, Integer rate) {
    /** Checks the bounds. */
    public GeneratorSwitch {
        if (rate != null && (rate < 1 || rate > 10_000_000)) {
            throw new IllegalArgumentException(
                    "millrace.producer.generator.rate (MILLRACE_GENERATOR_RATE) is "
                            + rate
                            + "; choose 1 to 10000000 events per second");
        }
    }
}
