package dev.millrace.audit;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;

import dev.millrace.audit.consume.Recorder;
import dev.millrace.audit.store.EventStore;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.Schemas;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.bson.BsonDocument;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.util.unit.DataSize;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** One running audit of a test, with everything it needs. */
public final class AuditRun implements AutoCloseable {
    public static final AuditSettings SETTINGS =
            new AuditSettings(
                    "events",
                    DataSize.ofMegabytes(4),
                    DataSize.ofMegabytes(1),
                    Duration.ofMillis(100),
                    Duration.ofMillis(800),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(12),
                    Duration.ofSeconds(1));

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AuditStatus status = new AuditStatus();
    private final MongoClient client;
    private final MongoCollection<BsonDocument> events;
    private final Recorder recorder;

    public AuditRun(Plan plan, String kafka, String mongo) {
        this(plan, kafka, mongo, null);
    }

    public AuditRun(Plan plan, String kafka, String mongo, Schemas schemas) {
        this(plan, SETTINGS, kafka, mongo, Map.of(), UnaryOperator.identity(), schemas);
    }

    public AuditRun(
            Plan plan,
            AuditSettings settings,
            String kafka,
            String mongo,
            Map<String, Object> consumer,
            UnaryOperator<Consumer<byte[], byte[]>> wrapper) {
        this(plan, settings, kafka, mongo, consumer, wrapper, null);
    }

    private AuditRun(
            Plan plan,
            AuditSettings settings,
            String kafka,
            String mongo,
            Map<String, Object> consumer,
            UnaryOperator<Consumer<byte[], byte[]>> wrapper,
            Schemas schemas) {
        ConnectionString address = new ConnectionString(mongo);
        client =
                MongoClients.create(
                        MongoClientSettings.builder()
                                .applyConnectionString(address)
                                .applyToClusterSettings(
                                        cluster ->
                                                cluster.serverSelectionTimeout(
                                                        500, TimeUnit.MILLISECONDS))
                                .build());
        var database = client.getDatabase(address.getDatabase());
        events = database.getCollection(settings.collection(), BsonDocument.class);
        Map<String, Object> properties = new HashMap<>(Recorder.consumerSettings(plan));
        properties.put("bootstrap.servers", kafka);
        properties.put("session.timeout.ms", 6_000);
        properties.put("heartbeat.interval.ms", 300);
        properties.putAll(consumer);
        var consumers =
                new DefaultKafkaConsumerFactory<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        recorder =
                new Recorder(
                        plan,
                        settings,
                        new AuditMeters(registry),
                        status,
                        () -> Admin.create(Map.of("bootstrap.servers", kafka)),
                        () -> wrapper.apply(consumers.createConsumer()),
                        new EventStore(database, settings.collection(), plan.audit().retention()),
                        schemas);
        recorder.start();
    }

    /** The collection, for looking into it. */
    public MongoCollection<BsonDocument> events() {
        return events;
    }

    public AuditStatus status() {
        return status;
    }

    public SimpleMeterRegistry registry() {
        return registry;
    }

    public void stop() {
        recorder.stop();
    }

    @Override
    public void close() {
        recorder.stop();
        client.close();
    }
}
