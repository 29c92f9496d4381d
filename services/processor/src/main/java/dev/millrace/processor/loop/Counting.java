package dev.millrace.processor.loop;

import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.processor.counting.Counter;
import dev.millrace.processor.deadletter.DeadLetterSender;
import dev.millrace.processor.state.WindowStore;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What counting a partition needs: the streams by topic, and where counts and dead letters go. */
public final class Counting {
    private record Source(StreamPlan stream, Counter counter, EventDecoder decoder) {}

    private final Plan plan;
    private final WindowStore store;
    private final DeadLetterSender sender;
    private final Schemas schemas;
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
        this.schemas = schemas;
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
        this.schemas = other.schemas;
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

    /** The topics that are read: with derived streams also that of the dead letters. */
    public Set<String> topics() {
        Set<String> topics = new HashSet<>(byTopic.keySet());
        if (!plan.derived().isEmpty()) {
            topics.add(plan.deadLetterTopic());
        }
        return topics;
    }

    /** Whether a topic holds dead letters rather than events. */
    boolean isLetters(String topic) {
        return topic.equals(plan.deadLetterTopic());
    }

    /**
     * What becomes of the records of a partition.
     *
     * @param watermark the highest event time before, in milliseconds since 1970
     */
    Intake intake(String topic, long watermark) {
        if (isLetters(topic)) {
            return new LetterIntake(plan, schemas);
        }
        Source source = byTopic.get(topic);
        return new EventIntake(
                source.stream(),
                plan.clock(),
                source.counter(),
                source.decoder(),
                sender,
                watermark);
    }
}
