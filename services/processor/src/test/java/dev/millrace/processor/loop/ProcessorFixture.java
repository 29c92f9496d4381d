package dev.millrace.processor.loop;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.topic.Topics;
import dev.millrace.processor.ProcessorMeters;
import dev.millrace.processor.ProcessorSettings;
import dev.millrace.processor.deadletter.DeadLetterSender;
import dev.millrace.processor.state.Generations;
import dev.millrace.processor.state.WindowStore;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A processor in the test's own process, on servers of the test's choice. */
final class ProcessorFixture implements AutoCloseable {
    private final Plan plan;
    private final String kafka;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final StatefulRedisConnection<byte[], byte[]> beside;
    private final KafkaProducer<byte[], byte[]> letters;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ProcessingLoop loop;
    private volatile int most = Integer.MAX_VALUE;

    ProcessorFixture(Plan plan, String kafka, String redis) {
        this(plan, kafka, redis, null);
    }

    ProcessorFixture(Plan plan, String kafka, String redis, Schemas schemas) {
        this.plan = plan;
        this.kafka = kafka;
        this.client = RedisClient.create(redis);
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        RedisURI behind = RedisURI.create(redis);
        behind.setDatabase(1);
        this.beside = client.connect(ByteArrayCodec.INSTANCE, behind);
        this.letters = producer(kafka);
        WindowStore store = new WindowStore(plan, connection::async, Duration.ofSeconds(2));
        Counting counting =
                new Counting(
                        plan,
                        store,
                        new DeadLetterSender(letters, plan.deadLetterTopic()),
                        schemas,
                        1_000);
        ProcessorSettings settings =
                new ProcessorSettings(
                        Duration.ofMillis(20),
                        500,
                        1_000,
                        20_000,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3));
        this.loop =
                new ProcessingLoop(
                        counting,
                        new Generations(
                                store,
                                new WindowStore(plan, beside::async, Duration.ofSeconds(2)),
                                0,
                                counting.topics()),
                        () -> Admin.create(Map.of("bootstrap.servers", kafka)),
                        this::consumer,
                        settings,
                        new ProcessorMeters(registry));
    }

    /** Gets no more events once it has had so many: it does not come to the end. */
    ProcessorFixture haltingAfter(int events) {
        most = events;
        return this;
    }

    private KafkaConsumer<ByteBuffer, ByteBuffer> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka,
                        "group.id",
                        group,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "none",
                        "max.poll.records",
                        50,
                        "session.timeout.ms",
                        6_000,
                        "heartbeat.interval.ms",
                        500,
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                new ByteBufferDeserializer(),
                new ByteBufferDeserializer()) {
            private int had;

            @Override
            public ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
                if (had >= most) {
                    pause(assignment());
                }
                ConsumerRecords<ByteBuffer, ByteBuffer> records = super.poll(timeout);
                had += records.count();
                return records;
            }
        };
    }

    static KafkaProducer<byte[], byte[]> producer(String kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "acks", "all", "linger.ms", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Sends values, by turns to each partition, and waits until Kafka has them. */
    static void send(String kafka, String topic, int partitions, List<byte[]> values) {
        try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
            int turn = 0;
            for (byte[] value : values) {
                producer.send(new ProducerRecord<>(topic, turn++ % partitions, null, value));
            }
            producer.flush();
        }
    }

    static void createTopics(String kafka, Plan plan)
            throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            Topics.ensure(admin, plan);
        }
    }

    ProcessorFixture start() {
        loop.start();
        return this;
    }

    /** How many writes Redis has refused. */
    double refusedWrites() {
        return registry.get("millrace.processor.write.failed").counter().count();
    }

    /** How many events its metrics say were rejected. */
    double rejected() {
        return registry.find("millrace.processor.rejected").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    ProcessorState state() {
        return loop.state();
    }

    @Override
    public void close() {
        loop.stop();
        letters.close(Duration.ofSeconds(1));
        connection.close();
        beside.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }

    /** A pipeline of its own name, with one metric of each kind. */
    static Plan plan(String name, String clock) {
        return plan(name, clock, "");
    }

    /** The same with more metrics, one a line. */
    static Plan plan(String name, String clock, String more) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: NAME}
                spec:
                  clock: CLOCK
                  streams:
                    - name: events
                      fields:
                        at: {type: timestamp}
                        user: {type: string}
                        page: {type: string, optional: true}
                        bytes: {type: integer}
                        price: {type: number, optional: true}
                        debt: {type: integer, optional: true}
                        lines: {type: array, optional: true, items: {sku: {type: string}, pieces: {type: integer}}}
                      time: at
                      key: user
                      lateness: 1h
                      topic: {name: NAME-events, partitions: 2}
                  metrics:
                    - {name: hits, measure: count, windows: [5m, all]}
                    - {name: pages, measure: count, by: page, windows: [5m, all], where: 'bytes > 3'}
                    - {name: bytes, measure: sum, of: bytes, windows: [5m, all]}
                    - {name: revenue, measure: sum, of: price, by: user, windows: [5m, all]}
                    - {name: users, measure: unique, of: user, windows: [5m, all]}
                    - {name: pages_of, measure: unique, of: page, by: user, windows: [5m, all]}
                    - {name: about_pages, measure: unique, approximate: true, of: page, windows: [5m, all]}
                    - {name: about_bytes, measure: unique, approximate: true, of: bytes, by: user, windows: [5m, all]}
                    - {name: pieces, measure: sum, of: 'lines[].pieces', by: 'lines[].sku', windows: [5m, all]}
                    - {name: states, measure: latest, key: user, value: bytes}
                    - {name: debtors, measure: latest, key: debt, value: user, rows: 50}
                    - {name: usual_bytes, measure: average, of: bytes, windows: [5m, all]}
                    - {name: usual_price, measure: average, of: price, by: user, windows: [5m, all]}
                    - {name: least_debt, measure: min, of: debt, windows: [5m, all]}
                    - {name: best_price, measure: max, of: price, by: user, windows: [5m, all]}
                    - {name: debts, measure: percentiles, of: debt, windows: [5m, all]}
                    - {name: prices, measure: percentiles, of: price, by: user, windows: [5m, all]}
                """
                        .concat(more.indent(4))
                        .replace("NAME", name)
                        .replace("CLOCK", clock));
    }
}
