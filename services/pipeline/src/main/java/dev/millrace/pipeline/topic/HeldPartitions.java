package dev.millrace.pipeline.topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The partitions whose next event cannot be told valid or invalid yet, because a schema registry
 * does not answer. Each waits in front of that event, and it is tried again after a while. For the
 * consumer's thread alone, but for what is said otherwise.
 */
public final class HeldPartitions {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Set<TopicPartition> held = new HashSet<>();
    private Duration pause = FIRST_PAUSE;
    private long again;
    private volatile String reason;

    /** None yet. */
    public HeldPartitions(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    /**
     * Goes back in front of an event.
     *
     * @param why what is waited for, and what to do about it
     * @return whether the partition did not wait already
     */
    public boolean hold(ConsumerRecord<?, ?> event, String why) {
        TopicPartition partition = new TopicPartition(event.topic(), event.partition());
        consumer.seek(partition, event.offset());
        consumer.pause(Set.of(partition));
        long now = System.nanoTime();
        if (held.isEmpty() || now - again >= 0) {
            again = now + pause.toNanos();
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
        reason = why;
        return held.add(partition);
    }

    /** Takes note that events of a partition were read. */
    public void read(TopicPartition partition) {
        if (held.remove(partition)) {
            forgetReason();
        }
    }

    private void forgetReason() {
        if (held.isEmpty()) {
            reason = null;
            pause = FIRST_PAUSE;
        }
    }

    /**
     * Lets those partitions be tried again whose time has come.
     *
     * @param owned the partitions that are read; others are forgotten
     */
    public void resumeIfDue(Set<TopicPartition> owned) {
        if (!held.isEmpty() && System.nanoTime() - again >= 0) {
            held.retainAll(owned);
            forgetReason();
            consumer.resume(held);
        }
    }

    /** Whether a partition waits still. */
    public boolean waits(TopicPartition partition) {
        return held.contains(partition) && System.nanoTime() - again < 0;
    }

    /** What they wait for; empty where none does. For any thread. */
    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }
}
