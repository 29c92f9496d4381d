package dev.millrace.audit.consume;

import dev.millrace.audit.document.Entry;

import org.apache.kafka.common.TopicPartition;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Events that wait to be written, in the order in which they were read. For one thread. */
final class Waiting {
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long bytes;

    void add(Entry entry) {
        entries.add(entry);
        bytes += entry.weight();
    }

    int size() {
        return entries.size();
    }

    /** What they take in memory, roughly. */
    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** When the oldest was read, on {@link System#nanoTime}'s clock. */
    long oldest() {
        return entries.getFirst().arrived();
    }

    /** Takes the oldest: at least one, no more than so many, nor more than so many bytes. */
    List<Entry> take(int most, long mostBytes) {
        List<Entry> taken = new ArrayList<>(Math.min(most, entries.size()));
        long weight = 0;
        while (taken.size() < most && !entries.isEmpty()) {
            weight += entries.getFirst().weight();
            if (weight > mostBytes && !taken.isEmpty()) {
                break;
            }
            taken.add(entries.removeFirst());
            bytes -= taken.getLast().weight();
        }
        return taken;
    }

    /** Takes everything of some partitions. */
    List<Entry> takeAll(Collection<TopicPartition> partitions) {
        List<Entry> taken = new ArrayList<>();
        entries.removeIf(
                entry -> {
                    boolean takes = partitions.contains(entry.partition());
                    if (takes) {
                        taken.add(entry);
                        bytes -= entry.weight();
                    }
                    return takes;
                });
        return taken;
    }
}
