package dev.millrace.bench.audit;

import dev.millrace.bench.Endpoint;
import dev.millrace.bench.Measured;
import dev.millrace.bench.ScratchFolder;
import dev.millrace.bench.processor.Log;
import dev.millrace.bench.processor.Shape;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.admin.Admin;
import org.bson.Document;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Measures the audit, from its jar, beside a client that does nothing but write the same documents
 * in the same order and in batches of the same size, in one run, in turns: each into an empty store
 * of the local run with the same indexes, which has the processor of the broker and the measuring;
 * the measured process alone on another.
 *
 * <p>Arguments: {@code JAR PROCESSOR [EVENTS [RUNS [BATCH]]]}, by default 1,000,000 events, 3 runs,
 * batches of 1,000. A quarter warms up.
 */
final class AuditBench {
    private static final String DATABASE = "audited";

    /** An event waits no longer than this, so that the last ones do not. */
    private static final String MANIFEST =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: audited}
            spec:
              streams:
                - name: events
                  fields:
                    timestamp: {type: timestamp}
                    user_id: {type: string}
                    event_type: {type: string, enum: [page_view, click, purchase]}
                    page_url: {type: string}
                    session_id: {type: string}
                  time: timestamp
                  key: user_id
                  topic: {partitions: 6}
              metrics:
                - {name: events, measure: count, window: 5m}
              audit: {flush: 100ms, batch: %d}
            """;

    private AuditBench() {}

    /**
     * One measurement.
     *
     * @param rate events a second
     * @param micros processor time for each event
     * @param resident MiB at the end
     */
    private record Run(double rate, double micros, long resident) {}

    /** Measures, and prints a table. */
    static void main(String[] args) throws Exception {
        Path jar = Path.of(args[0]);
        int processor = Integer.parseInt(args[1]);
        long events = args.length > 2 ? Long.parseLong(args[2]) : 1_000_000;
        int runs = args.length > 3 ? Integer.parseInt(args[3]) : 3;
        int batch = args.length > 4 ? Integer.parseInt(args[4]) : 1_000;
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0)) {
            Path manifest =
                    Files.writeString(
                            folder.path().resolve("audited.yaml"), MANIFEST.formatted(batch));
            Plan plan = ManifestReader.read(manifest);
            Log log = Log.fill(kafka.bootstrapServers(), plan, Shape.FEW, events);

            List<Run> audit = new ArrayList<>();
            List<Run> bare = new ArrayList<>();
            List<Document> indexes = new ArrayList<>();
            Path documents = folder.path().resolve("documents.bson");
            for (int run = 0; run < runs; run++) {
                Path store = folder.path().resolve("audit" + run);
                try (var mongo = EmbeddedMongo.start(store, 0, DATABASE)) {
                    if (run > 0) {
                        forgetOffsets(log, plan);
                    }
                    audit.add(audit(log, mongo, manifest, jar, processor, store));
                    if (run == 0) {
                        try (var recorded = new Recorded(mongo.uri(), DATABASE)) {
                            indexes.addAll(recorded.indexes());
                        }
                        Documents.save(log, mongo.uri(), DATABASE, documents);
                    }
                }
                store = folder.path().resolve("bare" + run);
                try (var mongo = EmbeddedMongo.start(store, 0, DATABASE)) {
                    try (var recorded = new Recorded(mongo.uri(), DATABASE)) {
                        recorded.declare(indexes);
                    }
                    bare.add(bare(log, mongo, documents, batch, processor, store));
                }
            }
            System.out.printf(
                    "%n%,d events of %.0f bytes, batches of %,d; a quarter warms up; median of %d runs; %s%n%n",
                    events,
                    log.bytesPerEvent(),
                    batch,
                    runs,
                    processor < 0
                            ? "NOT pinned: the measured process shares all processors with the store"
                            : "the measured process alone on processor " + processor);
            System.out.printf(
                    "%-12s %10s %10s %10s %9s %12s %9s%n",
                    "", "events/s", "slowest", "fastest", "of bare", "CPU us/event", "resident");
            row("bare writer", bare, bare);
            row("audit", audit, bare);
        }
    }

    private static void row(String name, List<Run> runs, List<Run> bare) {
        System.out.printf(
                "%-12s %10.0f %10.0f %10.0f %9.2f %12.2f %9d%n",
                name,
                medianRate(runs),
                runs.stream().mapToDouble(Run::rate).min().orElseThrow(),
                runs.stream().mapToDouble(Run::rate).max().orElseThrow(),
                medianRate(runs) / medianRate(bare),
                median(runs.stream().mapToDouble(Run::micros).toArray()),
                runs.stream().mapToLong(Run::resident).max().orElseThrow());
    }

    private static double medianRate(List<Run> runs) {
        return median(runs.stream().mapToDouble(Run::rate).toArray());
    }

    private static double median(double[] figures) {
        Arrays.sort(figures);
        return figures[figures.length / 2];
    }

    private static Run audit(
            Log log, EmbeddedMongo mongo, Path manifest, Path jar, int processor, Path store)
            throws IOException, InterruptedException {
        var environment =
                Map.of(
                        "MILLRACE_PIPELINE", manifest.toString(),
                        "KAFKA_BOOTSTRAP_SERVERS", log.bootstrapServers(),
                        "MONGODB_URI", mongo.uri(),
                        "SERVER_PORT", Integer.toString(Endpoint.free().port()));
        try (var process =
                Measured.start(
                        processor,
                        List.of("-Xmx256m", "-jar", jar.toString()),
                        environment,
                        store.resolve("audit.log"))) {
            return measure(log, mongo, process);
        }
    }

    private static Run bare(
            Log log, EmbeddedMongo mongo, Path documents, int batch, int processor, Path store)
            throws IOException, InterruptedException {
        List<String> arguments =
                List.of(
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareWriter.class.getName(),
                        mongo.uri(),
                        DATABASE,
                        documents.toString(),
                        Integer.toString(batch));
        try (var process =
                Measured.start(processor, arguments, Map.of(), store.resolve("bare.log"))) {
            return measure(log, mongo, process);
        }
    }

    private static Run measure(Log log, EmbeddedMongo mongo, Measured process)
            throws IOException, InterruptedException {
        try (var recorded = new Recorded(mongo.uri(), DATABASE)) {
            long first = recorded.await(log.events() / 4, process);
            double before = process.processorSeconds();
            long begun = System.nanoTime();
            recorded.await(log.events(), process);
            double seconds = (System.nanoTime() - begun) / 1e9;
            long measured = log.events() - first;
            var run =
                    new Run(
                            measured / seconds,
                            (process.processorSeconds() - before) / measured * 1e6,
                            process.mebibytes("VmRSS"));
            recorded.check(log.events());
            return run;
        }
    }

    private static void forgetOffsets(Log log, Plan plan) throws Exception {
        try (var admin =
                Admin.create(Map.<String, Object>of("bootstrap.servers", log.bootstrapServers()))) {
            admin.deleteConsumerGroups(List.of(plan.name() + "-audit")).all().get();
        }
    }
}
