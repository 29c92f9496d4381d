package dev.millrace.bench.delay;

import dev.millrace.bench.Endpoint;
import dev.millrace.bench.ScratchFolder;
import dev.millrace.bench.Workload;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures how long it takes from sending an event to an answer of the API that counts it, at a
 * steady rate, with processor and API in processes of their own. Beside it, in the same run: until
 * a plain consumer has the event.
 *
 * <p>Arguments: {@code MANIFEST SERVICES [RATE [SECONDS]]}, by default 10,000 events a second for
 * 30 seconds; those of twenty seconds come before and are not measured.
 */
final class DelayBench {
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx128m");
    private static final int WARM_UP_SECONDS = 20;
    private static final long BURST_NANOS = 5_000_000;

    private DelayBench() {}

    /** Measures, and prints a table. */
    static void main(String[] args) throws Exception {
        Path manifest = Path.of(args[0]);
        Path services = Path.of(args[1]);
        int rate = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
        int seconds = args.length > 3 ? Integer.parseInt(args[3]) : 30;
        Plan plan = ManifestReader.read(manifest);
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0);
                var redis = EmbeddedRedis.start(folder.path().resolve("redis"), 0)) {
            var settings =
                    Map.of(
                            "MILLRACE_PIPELINE", manifest.toString(),
                            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                            "REDIS_URL", redis.url());
            try (var processor =
                            Workload.start("processor", services, settings, FLAGS, folder.path());
                    var api = Workload.start("api", services, settings, FLAGS, folder.path())) {
                processor.awaitReady();
                api.awaitReady();
                String topic = plan.sources().getFirst().topic().name();
                measure(kafka.bootstrapServers(), topic, api.endpoint(), rate, seconds);
            }
        }
    }

    private static void measure(String kafka, String topic, Endpoint api, int rate, int seconds)
            throws Exception {
        long[] sent = new long[rate * (WARM_UP_SECONDS + seconds)];
        var consumed = new Delays(sent);
        var answered = new Delays(sent);
        Thread reading = Thread.ofPlatform().start(() -> consume(kafka, topic, consumed));
        Thread sending = Thread.ofPlatform().start(() -> send(kafka, topic, rate, sent));
        long deadline = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (!answered.isComplete()) {
            answered.see(api.get("/api/v1/status").path("totals").path("events").asLong());
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Not all events are counted after five minutes");
            }
            Thread.sleep(10);
        }
        sending.join();
        reading.join();
        System.out.printf(
                "%,d events/s for %d s; milliseconds from sending an event%n%n%-28s %8s %8s %8s %8s%n",
                rate, seconds, "", "p50", "p90", "p99", "max");
        row("to a plain consumer", consumed.sorted(rate * WARM_UP_SECONDS));
        row("to an answer that counts it", answered.sorted(rate * WARM_UP_SECONDS));
    }

    private static void row(String name, double[] delays) {
        System.out.printf(
                "%-28s %8.0f %8.0f %8.0f %8.0f%n",
                name,
                delays[delays.length / 2],
                delays[(int) (delays.length * 0.9)],
                delays[(int) (delays.length * 0.99)],
                delays[delays.length - 1]);
    }

    private static void send(String kafka, String topic, int rate, long[] sent) {
        var random = new SplittableRandom(7);
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                kafka,
                                "compression.type",
                                "lz4",
                                "linger.ms",
                                5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            long begun = System.nanoTime();
            for (int i = 0; i < sent.length; i++) {
                long due = begun + i * 1_000_000_000L / rate;
                if (System.nanoTime() < due) {
                    // Some at a time, for waiting takes time, too.
                    LockSupport.parkNanos(due - System.nanoTime() + BURST_NANOS);
                }
                int user = random.nextInt(500);
                String event =
                        "{\"timestamp\":\"%s\",\"user_id\":\"user-%d\",\"event_type\":\"page_view\",\"page_url\":\"/products/%d\",\"session_id\":\"session-%d-%d\"}"
                                .formatted(
                                        Instant.now(),
                                        user,
                                        random.nextInt(50),
                                        user,
                                        random.nextInt(4));
                sent[i] = System.nanoTime();
                producer.send(
                        new ProducerRecord<>(
                                topic,
                                ("user-" + user).getBytes(StandardCharsets.UTF_8),
                                event.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static void consume(String kafka, String topic, Delays delays) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                kafka,
                                "group.id",
                                "plain",
                                "auto.offset.reset",
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long total = 0;
            while (!delays.isComplete()) {
                total += consumer.poll(Duration.ofMillis(100)).count();
                delays.see(total);
            }
        }
    }
}
