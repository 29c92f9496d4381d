package dev.millrace.local;

import dev.millrace.pipeline.registry.SchemaRegistry;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** A program of somebody else, with a schema of its own, that writes into a pipeline's topic. */
final class ForeignWriter {
    private ForeignWriter() {}

    /** Registers the schema as the topic's, and writes the events. */
    static void write(String kafka, String registry, String topic, List<GenericRecord> events)
            throws IOException {
        Schema schema = events.getFirst().getSchema();
        int id = new SchemaRegistry(URI.create(registry), null).register(topic + "-value", schema);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka, "acks", "all"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (GenericRecord event : events) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                bytes.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
                BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
                new GenericDatumWriter<GenericRecord>(schema).write(event, out);
                producer.send(new ProducerRecord<>(topic, bytes.toByteArray()));
            }
        }
    }
}
