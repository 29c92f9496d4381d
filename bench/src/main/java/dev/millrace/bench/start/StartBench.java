package dev.millrace.bench.start;

import dev.millrace.bench.Endpoint;
import dev.millrace.bench.ScratchFolder;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Measures the time from {@code ./millrace run} to the first number that is not zero, beside a JVM
 * with the same options that starts only the three servers. Everything is built; each run has a new
 * data folder. Both go once unmeasured first, which also lets both JVMs record what a start loads.
 *
 * <p>Arguments: {@code SCRIPT [RUNS]}, by default 5 runs.
 */
final class StartBench {
    private static final String NUMBER = "/api/v1/metrics/page_views?window=15m";
    private static final int POLL_MILLIS = 50;

    private StartBench() {}

    /** Seconds from the command to each of these. */
    private record Run(double servers, double dashboard, double number) {}

    /** Measures, and prints a table. */
    static void main(String[] args) throws Exception {
        String script = args[0];
        int runs = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        try (var folder = ScratchFolder.make()) {
            Path record = folder.path().resolve("servers.aot");
            recordServers(record);
            Run first = pipeline(script, 0);
            System.out.printf(
                    "%d processors; first run, not among the others: dashboard after %.1f s,"
                            + " first number after %.1f s%n%n",
                    Runtime.getRuntime().availableProcessors(), first.dashboard(), first.number());
            List<Run> all = new ArrayList<>();
            for (int i = 0; i < runs; i++) {
                all.add(pipeline(script, servers("-XX:AOTCache=" + record)));
            }
            System.out.printf("%-42s %8s %8s   of %d%n", "seconds", "median", "worst", runs);
            print("three servers alone, all answering", all.stream().mapToDouble(Run::servers));
            print(
                    "millrace run, line with the dashboard",
                    all.stream().mapToDouble(Run::dashboard));
            print("millrace run, first number in the API", all.stream().mapToDouble(Run::number));
        }
    }

    private static void print(String name, DoubleStream seconds) {
        double[] sorted = seconds.sorted().toArray();
        System.out.printf(
                "%-42s %8.1f %8.1f   (%s)%n",
                name,
                sorted[sorted.length / 2],
                sorted[sorted.length - 1],
                String.join(" ", Arrays.stream(sorted).mapToObj("%.1f"::formatted).toList()));
    }

    private static void recordServers(Path record) throws Exception {
        try (var folder = ScratchFolder.make();
                var launch =
                        new Launch(
                                command("-XX:AOTCacheOutput=" + record, folder.path()),
                                ServersAlone.READY)) {
            launch.line();
            launch.endInput();
        }
    }

    private static double servers(String option) throws Exception {
        try (var folder = ScratchFolder.make();
                var launch = new Launch(command(option, folder.path()), ServersAlone.READY)) {
            double seconds = launch.line();
            launch.endInput();
            return seconds;
        }
    }

    /** A JVM as the script starts it. */
    private static List<String> command(String option, Path folder) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xms96m",
                "-Xmx768m",
                "-Xlog:disable",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                option,
                "-cp",
                System.getProperty("java.class.path"),
                ServersAlone.class.getName(),
                folder.toString());
    }

    private static Run pipeline(String script, double servers) throws Exception {
        Endpoint api = Endpoint.free();
        try (var folder = ScratchFolder.make();
                var launch =
                        new Launch(
                                List.of(
                                        script,
                                        "run",
                                        "--port",
                                        Integer.toString(api.port()),
                                        "--data",
                                        folder.path().resolve("pipeline").toString()),
                                "Dashboard:")) {
            while (!hasNumbers(api)) {
                launch.requireAlive();
                Thread.sleep(POLL_MILLIS);
            }
            double number = launch.seconds();
            return new Run(servers, launch.line(), number);
        }
    }

    private static boolean hasNumbers(Endpoint api) throws InterruptedException {
        return api.get(NUMBER).path("value").asLong(0) > 0
                && api.get("/api/v1/status").path("state").asString("").equals("live");
    }
}
