package dev.millrace.processor.loop;

import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.processor.counting.Counter;
import dev.millrace.processor.deadletter.DeadLetterSender;
import dev.millrace.processor.state.WindowStore;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** What counting a partition needs: the streams by topic, and where counts and dead letters go. */
public final class Counting {
    private record Source(StreamPlan stream, Counter counter, EventDecoder decoder) {}

    private final Plan plan;
    private final WindowStore store;
    private final DeadLetterSender sender;
    private final Map<String, Source> byTopic = new HashMap<>();

    /**
     * The counting of a plan's sources, and of the derived streams that have metrics.
     *
     * @param schemas where those of Avro are; null for a plan without
     * @param packAbove how many groups or values of a bucket a flush writes one by one
     */
    public Counting(
            Plan plan, WindowStore store, DeadLetterSender sender, Schemas schemas, int packAbove) {
        this.plan = plan;
        this.store = store;
        this.sender = sender;
        plan.counted()
                .forEach(
                        stream ->
                                byTopic.put(
                                        stream.topic().name(),
                                        new Source(
                                                stream,
                                                new Counter(
                                                        stream, plan.measures(stream), packAbove),
                                                EventDecoder.of(stream, schemas))));
    }

    private Counting(Counting other, WindowStore store) {
        this.plan = other.plan;
        this.store = store;
        this.sender = other.sender;
        this.byTopic.putAll(other.byTopic);
    }

    /** The same, in another store. */
    Counting in(WindowStore other) {
        return new Counting(this, other);
    }

    Plan plan() {
        return plan;
    }

    WindowStore store() {
        return store;
    }

    DeadLetterSender sender() {
        return sender;
    }

    /** The topics that are counted. */
    public Collection<String> topics() {
        return byTopic.keySet();
    }

    StreamPlan stream(String topic) {
        return byTopic.get(topic).stream();
    }

    Counter counter(String topic) {
        return byTopic.get(topic).counter();
    }

    EventDecoder decoder(String topic) {
        return byTopic.get(topic).decoder();
    }

    Admission admission(StreamPlan stream, long watermark) {
        return new Admission(
                stream, plan.clock(), byTopic.get(stream.topic().name()).decoder(), watermark);
    }
}
