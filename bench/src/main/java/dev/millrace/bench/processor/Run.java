package dev.millrace.bench.processor;

import dev.millrace.bench.Measured;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One measurement, behind the warm-up.
 *
 * @param rate events a second
 * @param micros processor time for each event, in microseconds
 * @param resident MiB at the end
 * @param peak MiB at most
 */
record Run(double rate, double micros, long resident, long peak) {
    static Run of(long events, double seconds, double processorSeconds, Measured process)
            throws IOException {
        return new Run(
                events / seconds,
                processorSeconds / events * 1e6,
                process.mebibytes("VmRSS"),
                process.mebibytes("VmHWM"));
    }

    static double median(List<Run> runs, ToDoubleFunction<Run> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    static double slowest(List<Run> runs) {
        return runs.stream().min(Comparator.comparing(Run::rate)).orElseThrow().rate();
    }

    static double fastest(List<Run> runs) {
        return runs.stream().max(Comparator.comparing(Run::rate)).orElseThrow().rate();
    }
}
