package dev.millrace.producer.generate;

import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.GeneratorSpec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes the synthetic events of a stream, one after the other. The same seed and rate make the same
 * events, but for their times. For one thread.
 */
public final class EventMaker {
    private final EventTemplate template;
    private final Sessions sessions;
    private final SplittableRandom random;
    private final List<Fault> faults;
    private final double invalid;
    private final FieldPlan key;
    private final EventDecoder decoder;
    private final JsonBuffer json = new JsonBuffer();
    private final Moment moment = new Moment();

    /**
     * A maker for a stream that has a generator.
     *
     * @param rate events per second that will be asked for, which decides how many sessions are
     *     open at a time
     */
    public EventMaker(StreamPlan stream, double rate, long seed) {
        GeneratorSpec spec = stream.generator();
        this.random = new SplittableRandom(seed);
        Values values = new Values(spec, stream.schema(), seed);
        this.template = new EventTemplate(stream.schema(), values);
        this.moment.made = new long[stream.schema().fields().size()];
        this.sessions =
                spec.actor() == null && spec.session() == null
                        ? null
                        : new Sessions(
                                spec.actor(),
                                spec.session(),
                                values.keptCount(),
                                rate,
                                random.split());
        this.faults = Fault.of(stream.schema());
        this.invalid =
                spec.invalid() == null
                        ? 0
                        : Double.parseDouble(spec.invalid().replace("%", "")) / 100;
        this.key = stream.key();
        this.decoder = new EventDecoder(stream);
    }

    /**
     * An event for Kafka. Keys are shared between events and must not be changed.
     *
     * @param key may be null
     */
    public record Made(byte[] key, byte[] value) {}

    /**
     * The next event.
     *
     * @param now in milliseconds since 1970
     */
    public Made next(long now) {
        moment.millis = now;
        if (sessions != null) {
            sessions.next(moment);
        }
        Fault fault =
                random.nextDouble() < invalid ? faults.get(random.nextInt(faults.size())) : null;
        byte[] keyBytes = template.write(json, random, moment, fault, key);
        byte[] value = fault == null ? json.copy(json.length()) : fault.bytes(json, random);
        if (key != null && (keyBytes == null || fault != null)) {
            String text = decoder.peek(value, key);
            keyBytes = text == null ? null : text.getBytes(StandardCharsets.UTF_8);
        }
        return new Made(keyBytes, value);
    }
}
