package dev.millrace.enricher.table;

import dev.millrace.pipeline.plan.TablePlan;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Waits until all rows of a captured table were read for the first time: events that are joined
 * before would miss theirs. Debezium marks the last row of a snapshot; what it tells of changes
 * comes after it.
 */
final class FirstSnapshot {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration POLL = Duration.ofMillis(250);

    /** Of several tables, the first with a single row has no mark of its own. */
    private static final Duration QUIET = Duration.ofSeconds(30);

    private static final Set<String> LAST = Set.of("last", "last_in_data_collection", "false");

    private final Supplier<Consumer<byte[], byte[]>> consumers;

    FirstSnapshot(Supplier<Consumer<byte[], byte[]>> consumers) {
        this.consumers = consumers;
    }

    /** Returns when the table's topic has them; the interrupt of the thread ends the waiting. */
    void await(TablePlan table) {
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(table.topic().name()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long last = 0;
            while (last == 0 || System.nanoTime() - last < QUIET.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (isAfterSnapshot(record.value())) {
                        return;
                    }
                    last = System.nanoTime();
                }
            }
        }
    }

    /** Whether a record says that all rows were read: it is the last of them, or a change. */
    static boolean isAfterSnapshot(byte[] value) {
        if (value == null) {
            return true;
        }
        try {
            JsonNode change = JSON.readTree(value);
            return !change.path("op").asString("").equals("r")
                    || LAST.contains(change.path("source").path("snapshot").asString(""));
        } catch (JacksonException e) {
            return false;
        }
    }
}
