package dev.millrace.bench.collector;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a run of workers did.
 *
 * @param name what was measured
 * @param events acknowledged
 * @param seconds how long it took
 * @param cpuSeconds processor time of this process, broker and client included
 * @param latencies of each batch in nanoseconds, sorted
 */
record Measurement(String name, long events, double seconds, double cpuSeconds, long[] latencies) {
    /** Makes the target of one worker. */
    interface Targets {
        BatchTarget open() throws Exception;
    }

    static Measurement of(
            String name, Targets targets, int workers, int batches, int size, Duration time)
            throws Exception {
        long cpu = cpuNanos();
        long begin = System.nanoTime();
        long end = begin + time.toNanos();
        List<Callable<List<Long>>> work = new ArrayList<>();
        for (int worker = 0; worker < workers; worker++) {
            int first = worker * batches / workers;
            work.add(() -> run(targets, first, batches, end));
        }
        List<Long> latencies = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<Long>> done : threads.invokeAll(work)) {
                latencies.addAll(done.get());
            }
        }
        return new Measurement(
                name,
                (long) latencies.size() * size,
                (System.nanoTime() - begin) / 1e9,
                (cpuNanos() - cpu) / 1e9,
                latencies.stream().mapToLong(Long::longValue).sorted().toArray());
    }

    private static List<Long> run(Targets targets, int first, int batches, long end)
            throws Exception {
        List<Long> latencies = new ArrayList<>();
        try (BatchTarget target = targets.open()) {
            for (int i = first; System.nanoTime() < end; i++) {
                long start = System.nanoTime();
                target.send(i % batches);
                latencies.add(System.nanoTime() - start);
            }
        }
        return latencies;
    }

    double rate() {
        return events / seconds;
    }

    String row(double bytesPerEvent) {
        return "%-34s %9.0f %8.1f %8.1f %8.1f %10.2f"
                .formatted(
                        name,
                        rate(),
                        rate() * bytesPerEvent / (1 << 20),
                        quantile(0.5),
                        quantile(0.99),
                        cpuSeconds / events * 1e6);
    }

    static String heading() {
        return "%-34s %9s %8s %8s %8s %10s"
                .formatted("", "events/s", "MiB/s", "p50 ms", "p99 ms", "CPU us/ev.");
    }

    private double quantile(double share) {
        int index = (int) Math.min(latencies.length - 1L, Math.round(latencies.length * share));
        return latencies[index] / 1e6;
    }

    /** Processor time of this process so far. */
    static long cpuNanos() {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Measurement m
                && name.equals(m.name)
                && Arrays.equals(latencies, m.latencies);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(latencies);
    }
}
