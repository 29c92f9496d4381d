package dev.millrace.bench.memory;

import dev.millrace.bench.ScratchFolder;
import dev.millrace.bench.Workload;
import dev.millrace.embedded.EmbeddedKafka;
import dev.millrace.embedded.EmbeddedMongo;
import dev.millrace.embedded.EmbeddedRedis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the resident memory of each workload in a process of its own, started from its jar,
 * while the generator makes events. The servers are in this process, which is not measured. One
 * client follows the API's stream, and asks for a metric every second.
 *
 * <p>Arguments: {@code MANIFEST SERVICES [SECONDS [RATE]]}, by default 40 seconds and 1000 events a
 * second. Once with the flags that the guide recommends, once without any.
 */
final class MemoryBench {
    private static final List<String> WORKLOADS = List.of("producer", "processor", "audit", "api");
    private static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xmx128m");

    private MemoryBench() {}

    /**
     * What one workload took.
     *
     * @param resident MiB at the end
     * @param peak MiB at most, the start included
     */
    private record Taken(long resident, long peak) {}

    /** Measures, and prints a table. */
    static void main(String[] args) throws Exception {
        if (!Files.isReadable(Path.of("/proc/self/status"))) {
            System.err.println(
                    "bench: memory is read from /proc, which this system does not have; run it on"
                            + " Linux");
            System.exit(1);
        }
        Path manifest = Path.of(args[0]);
        Path services = Path.of(args[1]);
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 40;
        int rate = args.length > 3 ? Integer.parseInt(args[3]) : 1000;
        var recommended = measure(manifest, services, FLAGS, seconds, rate);
        var plain = measure(manifest, services, List.of(), seconds, rate);
        System.out.printf(
                "%n%-10s %34s %24s%n%-10s %17s %16s %12s %11s%n",
                "MiB",
                String.join(" ", FLAGS),
                "no flags",
                "",
                "resident",
                "peak",
                "resident",
                "peak");
        for (String name : WORKLOADS) {
            System.out.printf(
                    "%-10s %17d %16d %12d %11d%n",
                    name,
                    recommended.get(name).resident(),
                    recommended.get(name).peak(),
                    plain.get(name).resident(),
                    plain.get(name).peak());
        }
    }

    private static Map<String, Taken> measure(
            Path manifest, Path services, List<String> flags, int seconds, int rate)
            throws Exception {
        try (var folder = ScratchFolder.make();
                var kafka = EmbeddedKafka.start(folder.path().resolve("kafka"), 0);
                var redis = EmbeddedRedis.start(folder.path().resolve("redis"), 0);
                var mongo = EmbeddedMongo.start(folder.path().resolve("mongo"), 0, "millrace")) {
            var settings =
                    Map.of(
                            "MILLRACE_PIPELINE", manifest.toString(),
                            "KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                            "REDIS_URL", redis.url(),
                            "MONGODB_URI", mongo.uri(),
                            "MILLRACE_GENERATOR_RATE", Integer.toString(rate));
            List<Workload> workloads = new ArrayList<>();
            try {
                for (String name : WORKLOADS) {
                    var workload = Workload.start(name, services, settings, flags, folder.path());
                    workloads.add(workload);
                    workload.awaitReady();
                }
                return underLoad(workloads, flags, seconds);
            } finally {
                for (Workload workload : workloads) {
                    workload.close();
                }
            }
        }
    }

    private static Map<String, Taken> underLoad(
            List<Workload> workloads, List<String> flags, int seconds)
            throws IOException, InterruptedException {
        var api = workloads.getLast().endpoint();
        api.follow("/api/v1/stream");
        long before = api.get("/api/v1/status").path("totals").path("events").asLong();
        long begun = System.nanoTime();
        for (int i = 0; i < seconds; i++) {
            api.get("/api/v1/metrics/page_views?window=15m&limit=100");
            Thread.sleep(1000);
        }
        long counted = api.get("/api/v1/status").path("totals").path("events").asLong() - before;
        System.out.printf(
                "%s: %.0f events/s made and counted for %d s%n",
                flags.isEmpty() ? "no flags" : String.join(" ", flags),
                counted / ((System.nanoTime() - begun) / 1e9),
                seconds);
        Map<String, Taken> taken = new LinkedHashMap<>();
        for (Workload workload : workloads) {
            taken.put(
                    workload.name(),
                    new Taken(workload.mebibytes("VmRSS"), workload.mebibytes("VmHWM")));
        }
        return taken;
    }
}
