package dev.millrace.bench.processor;

import java.lang.management.ManagementFactory;

/**
 * Measures this process.
 *
 * @param nanos when it began
 * @param processorNanos the process's processor time until then
 */
record Stopwatch(long nanos, long processorNanos) {
    static Stopwatch start() {
        return new Stopwatch(System.nanoTime(), processor());
    }

    /** Prints how many events took how many seconds, and how many of processor time. */
    void print(long events) {
        System.out.printf(
                "read %d %.6f %.6f%n",
                events, (System.nanoTime() - nanos) / 1e9, (processor() - processorNanos) / 1e9);
    }

    private static long processor() {
        var system =
                (com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }
}
