package dev.millrace.bench.audit;

import dev.millrace.bench.processor.Log;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.bson.ByteBuf;
import org.bson.RawBsonDocument;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What the audit has recorded, in a file, one document behind the other as BSON. */
final class Documents {
    private static final ValueLayout.OfInt LENGTH =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Documents() {}

    /**
     * Saves the documents of all events of a log, in the order in which a consumer reads them: the
     * store gives them in another one, which may be faster to write.
     */
    static void save(Log log, String uri, String database, Path file) throws IOException {
        Path unordered = file.resolveSibling(file.getFileName() + ".unordered");
        try (var consumer = consumer(log)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(log.topic()).stream()
                            .map(info -> new TopicPartition(log.topic(), info.partition()))
                            .toList();
            long[][] places = places(consumer.endOffsets(partitions));
            saveAll(uri, database, unordered, places);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            try (var arena = Arena.ofConfined();
                    var from = FileChannel.open(unordered);
                    var to = output(file)) {
                MemorySegment all = from.map(FileChannel.MapMode.READ_ONLY, 0, from.size(), arena);
                for (long read = 0; read < log.events(); ) {
                    for (ConsumerRecord<byte[], byte[]> record :
                            consumer.poll(Duration.ofMillis(100))) {
                        long place = places[record.partition()][(int) record.offset()];
                        if (place < 0) {
                            throw new IllegalStateException(
                                    "%s:%d:%d is not recorded"
                                            .formatted(
                                                    record.topic(),
                                                    record.partition(),
                                                    record.offset()));
                        }
                        to.write(
                                all.asSlice(place, all.get(LENGTH, place))
                                        .toArray(ValueLayout.JAVA_BYTE));
                        read++;
                    }
                }
            }
        }
        Files.delete(unordered);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Log log) {
        return new KafkaConsumer<>(
                Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, log.bootstrapServers()),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Room for the place of each event in the file, by partition and offset. */
    private static long[][] places(Map<TopicPartition, Long> ends) {
        long[][] places = new long[ends.size()][];
        ends.forEach(
                (partition, end) -> {
                    long[] none = new long[Math.toIntExact(end)];
                    Arrays.fill(none, -1);
                    places[partition.partition()] = none;
                });
        return places;
    }

    private static void saveAll(String uri, String database, Path file, long[][] places)
            throws IOException {
        long place = 0;
        try (var recorded = new Recorded(uri, database);
                var to = output(file)) {
            for (RawBsonDocument document : recorded.all()) {
                String[] id = document.getString("_id").getValue().split(":");
                places[Integer.parseInt(id[1])][Integer.parseInt(id[2])] = place;
                ByteBuf bytes = document.getByteBuffer();
                byte[] array = new byte[bytes.remaining()];
                bytes.get(array);
                to.write(array);
                place += array.length;
            }
        }
    }

    private static OutputStream output(Path file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
    }
}
