package dev.millrace.api.state;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;

import dev.millrace.audit.document.Entry;
import dev.millrace.audit.store.EventStore;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.apache.kafka.common.TopicPartition;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records events as the audit does. */
public final class RecordWriter implements AutoCloseable {
    private final Plan plan;
    private final MongoClient client;
    private final MongoDatabase database;
    private final EventStore store;
    private final Map<TopicPartition, Admission> admissions = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final List<Entry> waiting = new ArrayList<>();

    public RecordWriter(Plan plan, String uri, String database) {
        this.plan = plan;
        this.client = MongoClients.create(uri);
        this.database = client.getDatabase(database);
        this.store = new EventStore(this.database, "events", null);
    }

    public MongoDatabase database() {
        return database;
    }

    /** An event comes, and waits. Says whether it is valid. */
    public boolean add(String name, int number, Instant received, String json) {
        StreamPlan stream = plan.stream(name).orElseThrow();
        TopicPartition partition = new TopicPartition(stream.topic().name(), number);
        Admission admission =
                admissions.computeIfAbsent(
                        partition,
                        any -> new Admission(stream, plan.clock(), new EventDecoder(stream), 0));
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        long time = 0;
        Rejected fault = null;
        switch (admission.admit(value, received.toEpochMilli())) {
            case Event event -> time = event.time();
            case Rejected rejected -> fault = rejected;
        }
        waiting.add(
                new Entry(
                        partition,
                        ends.merge(partition, 1L, Long::sum) - 1,
                        Optional.empty(),
                        received.toEpochMilli(),
                        value,
                        time,
                        fault,
                        admission.watermark(),
                        0));
        return fault == null;
    }

    /** The next offset of each partition, by {@code TOPIC:PARTITION}. */
    public Map<String, Long> ends() {
        Map<String, Long> named = new HashMap<>();
        ends.forEach((one, end) -> named.put(one.topic() + ":" + one.partition(), end));
        return named;
    }

    /** What waits is written, and noted. */
    public void flush() {
        if (!waiting.isEmpty()) {
            store.write(waiting);
        }
        waiting.clear();
        store.note(ends);
    }

    @Override
    public void close() {
        client.close();
    }
}
