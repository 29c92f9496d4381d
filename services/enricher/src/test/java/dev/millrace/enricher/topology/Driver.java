package dev.millrace.enricher.topology;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.TestPlans;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The topology of a manifest in Kafka's test driver. */
final class Driver implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Plan plan;
    private final TopologyTestDriver driver;
    private final Map<String, TestInputTopic<String, byte[]>> inputs = new HashMap<>();

    Driver(String spec) {
        this(spec, 1_000);
    }

    Driver(String spec, int tableRows) {
        this(spec, tableRows, null);
    }

    Driver(String spec, int tableRows, Schemas schemas) {
        this.plan = TestPlans.plan("test", spec);
        StreamsBuilder builder = new StreamsBuilder();
        new JoinTopology(plan, new EnricherMeters(registry), tableRows, schemas).addTo(builder);
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        this.driver = new TopologyTestDriver(builder.build(), properties);
    }

    /** Sends an event to a stream, or a row to a topic. */
    void send(String topic, String key, String value) {
        input(topic).pipeInput(new TestRecord<>(key, bytes(value), NOW));
    }

    void sendBytes(String topic, String key, byte[] value) {
        input(topic).pipeInput(new TestRecord<>(key, value, NOW));
    }

    private TestInputTopic<String, byte[]> input(String topic) {
        return inputs.computeIfAbsent(
                topic,
                name ->
                        driver.createInputTopic(
                                name, new StringSerializer(), new ByteArraySerializer()));
    }

    /** The values of a topic that were not read yet. */
    List<byte[]> values(String topic) {
        return driver.createOutputTopic(
                        topic, new StringDeserializer(), new ByteArrayDeserializer())
                .readValuesToList();
    }

    Plan plan() {
        return plan;
    }

    /** The records of a topic that were not read yet. */
    List<TestRecord<String, String>> records(String topic) {
        TestOutputTopic<String, String> output =
                driver.createOutputTopic(topic, new StringDeserializer(), new StringDeserializer());
        return output.readRecordsToList();
    }

    /** The events of a stream that were not read yet. */
    List<String> events(String stream) {
        String topic = plan.stream(stream).map(StreamPlan::topic).orElseThrow().name();
        return records(topic).stream().map(TestRecord::value).toList();
    }

    /** The reasons of the dead letters that were not read yet. */
    List<String> reasons() {
        return records(plan.deadLetterTopic()).stream()
                .map(letter -> header(letter, "millrace-reason"))
                .toList();
    }

    static String header(TestRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    double counter(String name, String... tags) {
        return registry.get(name).tags(tags).counter().count();
    }

    double rows(String table) {
        return registry.get("millrace.enricher.table.rows").tag("table", table).gauge().value();
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        driver.close();
    }
}
