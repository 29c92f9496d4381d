package dev.millrace.bench.processor;

import dev.millrace.bench.Endpoint;
import dev.millrace.bench.Measured;
import dev.millrace.bench.ScratchFolder;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedRedis;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Measures the processor, from its jar, on the bytes that a bare consumer and Kafka Streams read in
 * the same run, one after the other, several times. The measured process has a processor of its
 * own; the servers and the measuring have the others.
 *
 * <p>Arguments: {@code MANIFEST PROCESSOR_JAR PROCESSORS [EVENTS [RUNS [SHAPES [KINDS]]]]}: the
 * number of the measured process's processor, or -1 where it cannot be chosen, and after a comma
 * that of a second one, where there is one; by default 16,000,000 events of shape A and 2,000,000
 * of shape B (also for 0), 3 runs, shapes {@code AB}, and all kinds: {@code b} for the bare
 * consumer, {@code p} the processor, {@code s} Kafka Streams, {@code t} two instances. A quarter of
 * the events warms up.
 */
public final class ProcessorBench {
    private static final String HEAP = "-Xmx128m";

    /** Its speed does not change after so many, and all of them would take long. */
    private static final long MOST_FOR_STREAMS = 2_000_000;

    private final Path manifest;
    private final Path jar;
    private final int processor;
    private final int second;
    private final Plan plan;
    private final long given;
    private final int runs;
    private final List<String> more;

    private ProcessorBench(String[] args) {
        this.manifest = Path.of(args[0]);
        this.jar = Path.of(args[1]);
        String[] processors = args[2].split(",");
        this.processor = Integer.parseInt(processors[0]);
        this.second = processors.length > 1 ? Integer.parseInt(processors[1]) : -1;
        this.plan = ManifestReader.read(manifest);
        this.given = args.length > 3 ? Long.parseLong(args[3]) : 0;
        this.runs = args.length > 4 ? Integer.parseInt(args[4]) : 3;
        String flags = System.getenv().getOrDefault("MILLRACE_BENCH_FLAGS", "");
        this.more = flags.isBlank() ? List.of() : List.of(flags.split(" "));
    }

    /** Measures, and prints a table for each shape. */
    public static void main(String[] args) throws Exception {
        String shapes = args.length > 5 ? args[5] : "AB";
        String kinds = args.length > 6 ? args[6] : "bpst";
        var bench = new ProcessorBench(args);
        System.out.printf(
                "A quarter of the events warms up; median of %d runs, slowest and fastest; %s%n",
                bench.runs,
                bench.processor < 0
                        ? "NOT pinned: the measured process shares all processors with the servers"
                        : "the measured process alone on processor " + bench.processor);
        for (Shape shape : List.of(Shape.FEW, Shape.MANY)) {
            if (shapes.contains(shape.name())) {
                if (!kinds.equals("t")) {
                    bench.measure(shape, kinds);
                }
                if (kinds.contains("t")) {
                    bench.measureTwo(shape);
                }
            }
        }
    }

    private static long warmUp(Log log) {
        return log.events() / 4;
    }

    private void measure(Shape shape, String kinds) throws Exception {
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0);
                var redis = EmbeddedRedis.start(folder.path().resolve("redis"), 0)) {
            long events = given == 0 ? shape.events() : given;
            Log log = Log.fill(kafka.bootstrapServers(), plan, shape, events);
            System.out.printf(
                    "%n%s; %,d events of %.0f bytes%n", shape, events, log.bytesPerEvent());
            System.out.println();
            List<Run> bare = new ArrayList<>();
            List<Run> streams = new ArrayList<>();
            List<Run> ours = new ArrayList<>();
            for (int run = 0; run < runs; run++) {
                if (kinds.contains("b")) {
                    bare.add(bare(log, folder.path()));
                }
                if (kinds.contains("p")) {
                    redis.flushAll();
                    ours.add(ours(log, redis.url(), folder.path()));
                }
                if (kinds.contains("s")) {
                    streams.add(streams(log, folder.path().resolve("streams" + run)));
                }
            }
            System.out.printf(
                    "%-16s %10s %10s %10s %9s %11s %10s %9s %7s%n",
                    "",
                    "events/s",
                    "slowest",
                    "fastest",
                    "of bare",
                    "of Streams",
                    "CPU us/ev.",
                    "resident",
                    "peak");
            row("bare consumer", bare, bare, streams);
            row("Kafka Streams", streams, bare, streams);
            row("processor", ours, bare, streams);
        }
    }

    /** Two instances beside one, each with a partition and a processor. */
    private void measureTwo(Shape shape) throws Exception {
        if (second < 0) {
            System.out.printf(
                    "%nTwo instances beside one: cannot be told here. It takes 4 processors, two for the"
                            + " instances and two for the servers, and taskset%n");
            return;
        }
        List<Run> one = new ArrayList<>();
        List<Run> two = new ArrayList<>();
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0);
                var redis = EmbeddedRedis.start(folder.path().resolve("redis"), 0)) {
            long events = given == 0 ? shape.events() : given;
            Log log = Log.fill(kafka.bootstrapServers(), plan, shape, events, 2);
            var instances =
                    new Instances(log, plan, redis.url(), folder.path(), this::startProcessor);
            for (int run = 0; run < runs; run++) {
                redis.flushAll();
                one.add(instances.measure(List.of(processor)));
                redis.flushAll();
                two.add(instances.measure(List.of(processor, second)));
            }
        }
        System.out.printf(
                "%n%-16s %10s %10s %10s %9s %10s%n",
                "on 2 partitions", "events/s", "slowest", "fastest", "of one", "CPU us/ev.");
        scaled("one instance", one, one);
        scaled("two instances", two, one);
    }

    private static void scaled(String name, List<Run> runs, List<Run> one) {
        double rate = Run.median(runs, Run::rate);
        System.out.printf(
                "%-16s %10.0f %10.0f %10.0f %9.2f %10.2f%n",
                name,
                rate,
                Run.slowest(runs),
                Run.fastest(runs),
                rate / Run.median(one, Run::rate),
                Run.median(runs, Run::micros));
    }

    private static void row(String name, List<Run> runs, List<Run> bare, List<Run> streams) {
        if (runs.isEmpty()) {
            return;
        }
        double rate = Run.median(runs, Run::rate);
        System.out.printf(
                "%-16s %10.0f %10.0f %10.0f %9.2f %11.1f %10.2f %9.0f %7.0f%n",
                name,
                rate,
                Run.slowest(runs),
                Run.fastest(runs),
                bare.isEmpty() ? Double.NaN : rate / Run.median(bare, Run::rate),
                streams.isEmpty() ? Double.NaN : rate / Run.median(streams, Run::rate),
                Run.median(runs, Run::micros),
                Run.median(runs, Run::resident),
                Run.median(runs, Run::peak));
    }

    private Run bare(Log log, Path folder) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-Xmx256m"));
        arguments.addAll(reading(BareConsumer.class, log, log.events()));
        try (var process =
                Measured.start(processor, arguments, Map.of(), folder.resolve("bare.log"))) {
            return run(process.await("read", 600), process);
        }
    }

    private Run streams(Log log, Path folder) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-Xmx1g"));
        boolean whole = log.events() <= MOST_FOR_STREAMS;
        long most = Math.min(log.events(), MOST_FOR_STREAMS);
        arguments.addAll(reading(StreamsCounting.class, log, most));
        arguments.add(Long.toString(whole ? log.truth().views() : 0));
        arguments.add(folder.toString());
        Path output = folder.resolveSibling(folder.getFileName() + ".log");
        try (var process = Measured.start(processor, arguments, Map.of(), output)) {
            var run = run(process.await("read", 1_200), process);
            String sums = process.await("sums", 10);
            if (whole && !sums.equals(log.truth().sums())) {
                throw new IllegalStateException(
                        "Kafka Streams counted %s instead of %s"
                                .formatted(sums, log.truth().sums()));
            }
            return run;
        }
    }

    private List<String> reading(Class<?> reader, Log log, long events) {
        return List.of(
                "-cp",
                System.getProperty("java.class.path"),
                reader.getName(),
                log.bootstrapServers(),
                log.topic(),
                Long.toString(events / 4),
                Long.toString(events));
    }

    /** What a process measured of itself. */
    private static Run run(String line, Measured process) throws IOException {
        String[] parts = line.split(" ");
        return Run.of(
                Long.parseLong(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                process);
    }

    private Measured startProcessor(Log log, String redis, int on, Path output) throws IOException {
        var environment =
                Map.of(
                        "MILLRACE_PIPELINE", manifest.toString(),
                        "KAFKA_BOOTSTRAP_SERVERS", log.bootstrapServers(),
                        "REDIS_URL", redis,
                        "SERVER_PORT", Integer.toString(Endpoint.free().port()));
        List<String> arguments = new ArrayList<>(List.of(HEAP));
        arguments.addAll(more);
        arguments.addAll(List.of("-jar", jar.toString()));
        return Measured.start(on, arguments, environment, output);
    }

    private Run ours(Log log, String redis, Path folder) throws IOException, InterruptedException {
        try (var process = startProcessor(log, redis, processor, folder.resolve("processor.log"));
                var counted = new Counted(redis, plan)) {
            long first = counted.await(warmUp(log), process);
            double before = process.processorSeconds();
            long begun = System.nanoTime();
            counted.await(log.events(), process);
            double seconds = (System.nanoTime() - begun) / 1e9;
            var run =
                    Run.of(
                            log.events() - first,
                            seconds,
                            process.processorSeconds() - before,
                            process);
            counted.check(log.truth());
            return run;
        }
    }
}
