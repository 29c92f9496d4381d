package dev.millrace.bench.enricher;

import dev.millrace.bench.Endpoint;
import dev.millrace.bench.Measured;
import dev.millrace.bench.ScratchFolder;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures the enricher, from its jar, beside Kafka Streams with the same join by hand, on the same
 * orders and the same rows in one run, in turns; the measured process alone on a processor. What it
 * writes is counted as its readers get it: only what is committed.
 *
 * <p>Arguments: {@code JAR PROCESSOR [ORDERS [RUNS [ROWS]]]}, by default 1,000,000 orders of three
 * items, 3 runs, 100,000 rows. A quarter warms up.
 */
final class EnricherBench {
    private static final String BY_HAND = "by-hand-items";

    private EnricherBench() {}

    /**
     * One measurement.
     *
     * @param orders a second
     * @param micros processor time for each order
     */
    private record Run(double orders, double micros, long resident) {}

    /** Measures, and prints a table. */
    static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]);
        int processor = Integer.parseInt(args[1]);
        long orders = args.length > 2 ? Long.parseLong(args[2]) : 1_000_000;
        int runs = args.length > 3 ? Integer.parseInt(args[3]) : 3;
        int rows = args.length > 4 ? Integer.parseInt(args[4]) : 100_000;
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0)) {
            Path manifest =
                    Files.writeString(folder.path().resolve("joined.yaml"), Orders.MANIFEST);
            Orders.writeProducts(folder.path().resolve("products.csv"), rows);
            Plan plan = ManifestReader.read(manifest);
            String servers = kafka.bootstrapServers();
            String source = plan.sources().getFirst().topic().name();
            String joined = plan.derived().getFirst().topic().name();
            String products = plan.tables().getFirst().topic().name();
            try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
                Topics.ensure(admin, plan);
            }
            Orders.send(servers, source, orders, rows);
            List<Run> ours = new ArrayList<>();
            List<Run> byHand = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                Path log = folder.path().resolve("enricher.log");
                if (run > 0) {
                    renew(servers, joined, plan.name() + "-enricher");
                }
                ours.add(
                        ours(
                                servers, manifest, jar, processor, joined, products, orders, rows,
                                run, log));
                renew(servers, BY_HAND, null);
                byHand.add(
                        byHand(servers, source, products, processor, orders, folder.path(), run));
            }
            System.out.printf(
                    "%n%,d orders of %d items, %,d rows; a quarter warms up; median of %d runs%n%n",
                    orders, Orders.ITEMS, rows, runs);
            System.out.printf(
                    "%-12s %10s %10s %10s %12s %9s%n",
                    "", "orders/s", "slowest", "items/s", "CPU us/order", "resident");
            row("by hand", byHand);
            row("enricher", ours);
        }
    }

    private static void row(String name, List<Run> runs) {
        double[] rates = runs.stream().mapToDouble(Run::orders).sorted().toArray();
        double rate = rates[rates.length / 2];
        System.out.printf(
                "%-12s %10.0f %10.0f %10.0f %12.2f %9d%n",
                name,
                rate,
                rates[0],
                rate * Orders.ITEMS,
                Arrays.stream(runs.stream().mapToDouble(Run::micros).sorted().toArray())
                        .skip(runs.size() / 2)
                        .findFirst()
                        .orElseThrow(),
                runs.stream().mapToLong(Run::resident).max().orElseThrow());
    }

    private static Run ours(
            String servers,
            Path manifest,
            Path jar,
            int processor,
            String output,
            String products,
            long orders,
            int rows,
            int run,
            Path log)
            throws Exception {
        var environment =
                Map.of(
                        "MILLRACE_PIPELINE", manifest.toString(),
                        "KAFKA_BOOTSTRAP_SERVERS", servers,
                        "SERVER_PORT", Integer.toString(Endpoint.free().port()));
        try (var process =
                Measured.start(
                        processor, List.of("-Xmx256m", "-jar", jar.toString()), environment, log)) {
            if (run == 0) {
                try (var loaded = new Written(servers, products)) {
                    loaded.await(1, process);
                    long begun = System.nanoTime();
                    loaded.await(rows, process);
                    System.out.printf(
                            "%,d rows loaded in %.1f s after the first one%n",
                            rows, (System.nanoTime() - begun) / 1e9);
                }
            }
            return measure(servers, output, orders, process);
        }
    }

    private static Run byHand(
            String servers,
            String source,
            String products,
            int processor,
            long orders,
            Path folder,
            int run)
            throws Exception {
        List<String> arguments =
                List.of(
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ByHand.class.getName(),
                        servers,
                        source,
                        products,
                        BY_HAND,
                        folder.resolve("by-hand" + run).toString());
        try (var process =
                Measured.start(processor, arguments, Map.of(), folder.resolve("by-hand.log"))) {
            return measure(servers, BY_HAND, orders, process);
        }
    }

    private static Run measure(String servers, String output, long orders, Measured process)
            throws IOException, InterruptedException {
        try (var written = new Written(servers, output)) {
            long first = written.await(orders / 4 * Orders.ITEMS, process);
            double before = process.processorSeconds();
            long begun = System.nanoTime();
            long last = written.await(orders * Orders.ITEMS, process);
            double seconds = (System.nanoTime() - begun) / 1e9;
            double counted = (double) (last - first) / Orders.ITEMS;
            if (last != orders * Orders.ITEMS) {
                throw new IllegalStateException(
                        "%d items were written instead of %d"
                                .formatted(last, orders * Orders.ITEMS));
            }
            return new Run(
                    counted / seconds,
                    (process.processorSeconds() - before) / counted * 1e6,
                    process.mebibytes("VmRSS"));
        }
    }

    /** Makes a topic new, and forgets how far a group has read. */
    private static void renew(String servers, String topic, String group) throws Exception {
        try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", servers))) {
            int partitions = 6;
            if (admin.listTopics().names().get().contains(topic)) {
                admin.deleteTopics(List.of(topic)).all().get();
                while (admin.listTopics().names().get().contains(topic)) {
                    Thread.sleep(100);
                }
            }
            if (group != null) {
                admin.deleteConsumerGroups(List.of(group)).all().get();
            } else {
                admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
            }
        }
    }

    /** Reads what is committed in a topic, as far as it is. */
    private static final class Written implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private long records;

        Written(String servers, String topic) throws InterruptedException {
            consumer =
                    new KafkaConsumer<>(
                            Map.of(
                                    "bootstrap.servers",
                                    servers,
                                    "isolation.level",
                                    "read_committed",
                                    "max.poll.records",
                                    10_000),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
            List<TopicPartition> partitions = List.of();
            while (partitions.isEmpty()) {
                partitions =
                        consumer.partitionsFor(topic).stream()
                                .map(info -> new TopicPartition(topic, info.partition()))
                                .toList();
                Thread.sleep(100);
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** Waits until there are so many; gives how many there are. */
        long await(long count, Measured process) throws IOException {
            long deadline = System.nanoTime() + Duration.ofMinutes(10).toNanos();
            while (records < count) {
                process.requireAlive();
                records += consumer.poll(Duration.ofMillis(50)).count();
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "Only %d of %d are there; the process said:%n%s"
                                    .formatted(records, count, process.output()));
                }
            }
            return records;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
