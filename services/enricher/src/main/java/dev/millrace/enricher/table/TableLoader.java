package dev.millrace.enricher.table;

import dev.millrace.pipeline.plan.TablePlan;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Loads files into the topics of their tables: writes the rows that are not there yet or were
 * different, and deletes those that the file does not have. Loading the same file again writes
 * nothing; a load that was cut off is completed by the next.
 */
public final class TableLoader {
    private static final Logger log = LoggerFactory.getLogger(TableLoader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration TELL = Duration.ofSeconds(2);

    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final int limit;

    /**
     * A loader.
     *
     * @param consumers consumers without a group, that read what is committed
     * @param producers producers that wait for all replicas and retry by themselves
     * @param limit how many rows a table takes
     */
    public TableLoader(
            Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<Producer<byte[], byte[]>> producers,
            int limit) {
        this.consumers = consumers;
        this.producers = producers;
        this.limit = limit;
    }

    /**
     * What a load did.
     *
     * @param rows how many rows the file has
     * @param written how many of them were written
     * @param deleted how many rows of the topic the file does not have
     */
    public record Loaded(int rows, int written, int deleted) {}

    /** What a row was, in 16 bytes however long it is. */
    private record Digest(long high, long low) {
        static Digest of(byte[] row) {
            try {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(row);
                var bytes = ByteBuffer.wrap(hash);
                return new Digest(bytes.getLong(), bytes.getLong());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }
    }

    /**
     * Makes the topic of a table hold what its file holds.
     *
     * @param folder what the file's path is relative to
     * @throws TableFileException where the file cannot be used
     * @throws TooManyRowsException where it has more rows than the limit
     * @throws KafkaException where Kafka does not do its part: load again later
     */
    public Loaded load(TablePlan table, TablePlan.File file, Path folder) {
        Path path = folder.resolve(file.path());
        long from = System.nanoTime();
        Map<String, byte[]> rows = RowFile.read(table, path, file.format(), limit);
        Map<String, Digest> present = present(table.topic().name());
        int written = 0;
        int deleted = 0;
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (Producer<byte[], byte[]> producer = producers.get()) {
            long told = System.nanoTime();
            for (Map.Entry<String, byte[]> row : rows.entrySet()) {
                Digest before = present.remove(row.getKey());
                if (!Digest.of(row.getValue()).equals(before)) {
                    send(producer, table, row.getKey(), row.getValue(), failure);
                    written++;
                }
                if (System.nanoTime() - told > TELL.toNanos()) {
                    told = System.nanoTime();
                    log.info("Table {}: {} of {} rows written", table.name(), written, rows.size());
                }
            }
            for (String gone : present.keySet()) {
                send(producer, table, gone, null, failure);
                deleted++;
            }
            producer.flush();
        }
        if (failure.get() != null) {
            throw new KafkaException(
                    "Rows of " + table.name() + " were not written", failure.get());
        }
        log.info(
                "Table {}: {} rows of {} in {} s: {} written, {} deleted, the others were there",
                table.name(),
                rows.size(),
                path.getFileName(),
                "%.1f".formatted((System.nanoTime() - from) / 1e9),
                written,
                deleted);
        return new Loaded(rows.size(), written, deleted);
    }

    private static void send(
            Producer<byte[], byte[]> producer,
            TablePlan table,
            String key,
            byte[] row,
            AtomicReference<Exception> failure) {
        if (failure.get() != null) {
            throw new KafkaException(
                    "Rows of " + table.name() + " were not written", failure.get());
        }
        producer.send(
                new ProducerRecord<>(
                        table.topic().name(), key.getBytes(StandardCharsets.UTF_8), row),
                (_, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    /**
     * Returns when the topic of a captured table has had all its rows for once, however long that
     * takes.
     *
     * @throws KafkaException where Kafka does not answer, or the thread is interrupted
     */
    public void awaitCaptured(TablePlan table) {
        new FirstSnapshot(consumers).await(table);
    }

    /** What the topic holds now. */
    private Map<String, Digest> present(String topic) {
        Map<String, Digest> present = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.key() == null) {
                        continue;
                    }
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        present.remove(key);
                    } else {
                        present.put(key, Digest.of(record.value()));
                    }
                }
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptException("interrupted while loading " + topic);
                }
            }
        }
        return present;
    }
}
