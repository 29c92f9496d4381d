package dev.millrace.bench.collector;

import dev.millrace.bench.ScratchFolder;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.producer.Main;
import dev.millrace.producer.ProducerConfiguration;
import dev.millrace.producer.ProducerSettings;
import dev.millrace.producer.generate.EventMaker;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ConfigurableApplicationContext;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Measures the collector: broker, collector and client share this process and its processors.
 *
 * <p>Arguments: {@code MANIFEST [SECONDS [BATCH [WORKERS]]]}, by default 10 seconds, 500 events and
 * 8 workers. Every figure is of events that Kafka has acknowledged, counted again from the log.
 */
public final class CollectorBench {
    private static final int BATCHES = 200;
    private static final int WARM_UP_SECONDS = 5;

    private CollectorBench() {}

    /** Measures, and prints a table. */
    public static void main(String[] args) throws Exception {
        Plan plan = ManifestReader.read(Path.of(args[0]));
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
        int size = args.length > 2 ? Integer.parseInt(args[2]) : 500;
        int workers = args.length > 3 ? Integer.parseInt(args[3]) : 8;
        StreamPlan stream = plan.sources().getFirst();
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path(), 0)) {
            try (var producer =
                    start(plan, kafka, "millrace.producer.generator.enabled", "false")) {
                measure(stream, producer, kafka, seconds, size, workers);
            }
            System.out.printf("%nEvents made on one thread, not sent: %.0f/s%n", made(stream));
            try (var producer =
                    start(plan, kafka, "millrace.producer.generator.rate", "10000000")) {
                generate(stream, producer, kafka, seconds);
            }
        }
    }

    private static void measure(
            StreamPlan stream,
            ConfigurableApplicationContext producer,
            EmbeddedKafka kafka,
            int seconds,
            int size,
            int workers)
            throws Exception {
        String topic = stream.topic().name();
        String path = "/api/v1/streams/" + stream.name() + "/events";
        int port = port(producer);
        awaitReady(port);
        var load = Batches.of(stream, BATCHES, size);
        try (var client =
                ProducerConfiguration.client(
                        producer.getBean(KafkaProperties.class),
                        producer.getBean(KafkaConnectionDetails.class),
                        producer.getBean(ProducerSettings.class))) {
            Measurement.Targets bare = () -> new BareClient(client, topic, load);
            Measurement.Targets http = () -> new HttpClientConnection(port, path, load);
            var warmUp = Duration.ofSeconds(WARM_UP_SECONDS);
            var time = Duration.ofSeconds(seconds);
            Measurement.of("warm-up", bare, workers, BATCHES, size, warmUp);
            Measurement.of("warm-up", http, workers, BATCHES, size, warmUp);

            System.out.printf(
                    "%d processors shared by broker, collector and client; batches of %d events of"
                            + " %.0f bytes, %d at a time, %d s each%n%n%s%n",
                    Runtime.getRuntime().availableProcessors(),
                    size,
                    load.bytesPerEvent(),
                    workers,
                    seconds,
                    Measurement.heading());
            measure("bare Kafka client", bare, workers, size, time, load, topic, kafka);
            measure("collector over HTTP", http, workers, size, time, load, topic, kafka);
            measure("collector over HTTP, 1 connection", http, 1, size, time, load, topic, kafka);
        }
    }

    private static void generate(
            StreamPlan stream,
            ConfigurableApplicationContext producer,
            EmbeddedKafka kafka,
            int seconds)
            throws Exception {
        awaitReady(port(producer));
        Thread.sleep(Duration.ofSeconds(WARM_UP_SECONDS));
        long before = records(kafka, stream.topic().name());
        long begin = System.nanoTime();
        long cpu = Measurement.cpuNanos();
        Thread.sleep(Duration.ofSeconds(seconds));
        long written = records(kafka, stream.topic().name()) - before;
        System.out.printf(
                "Events made and sent by the generator: %.0f/s, %.2f us of CPU each, broker included%n",
                written / ((System.nanoTime() - begin) / 1e9),
                (Measurement.cpuNanos() - cpu) / 1e3 / written);
    }

    private static int port(ConfigurableApplicationContext producer) {
        return producer.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static void measure(
            String name,
            Measurement.Targets targets,
            int workers,
            int size,
            Duration time,
            Batches load,
            String topic,
            EmbeddedKafka kafka)
            throws Exception {
        long before = records(kafka, topic);
        var measured = Measurement.of(name, targets, workers, BATCHES, size, time);
        long written = records(kafka, topic) - before;
        if (written != measured.events()) {
            throw new IllegalStateException(
                    measured.events() + " events were acknowledged, but " + written + " written");
        }
        System.out.println(measured.row(load.bytesPerEvent()));
    }

    private static double made(StreamPlan stream) {
        var maker = new EventMaker(stream, 300_000, 1);
        long bytes = 0;
        long begin = 0;
        int count = 3_000_000;
        for (int i = -count; i < count; i++) {
            if (i == 0) {
                begin = System.nanoTime();
            }
            bytes += maker.next(System.currentTimeMillis()).value().length;
        }
        if (bytes == 0) {
            throw new IllegalStateException("Nothing was made");
        }
        return count / ((System.nanoTime() - begin) / 1e9);
    }

    private static ConfigurableApplicationContext start(
            Plan plan, EmbeddedKafka kafka, String name, String value) {
        return new SpringApplicationBuilder(Main.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("plan", plan))
                .run(
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(),
                        "--logging.level.root=warn",
                        "--" + name + "=" + value);
    }

    private static void awaitReady(int port) throws InterruptedException {
        URI readiness = URI.create("http://127.0.0.1:" + port + "/actuator/health/readiness");
        while (true) {
            try (InputStream answer = readiness.toURL().openStream()) {
                answer.readAllBytes();
                return;
            } catch (IOException e) {
                Thread.sleep(200);
            }
        }
    }

    private static long records(EmbeddedKafka kafka, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            int partitions =
                    admin.describeTopics(List.of(topic))
                            .allTopicNames()
                            .get()
                            .get(topic)
                            .partitions()
                            .size();
            return admin
                    .listOffsets(
                            IntStream.range(0, partitions)
                                    .mapToObj(partition -> new TopicPartition(topic, partition))
                                    .collect(
                                            Collectors.toMap(
                                                    partition -> partition,
                                                    any -> OffsetSpec.latest())))
                    .all()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        }
    }
}
