package dev.millrace.local.run;

import dev.millrace.embedded.ServerStartException;
import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;
import dev.millrace.pipeline.plan.DatabasePlan;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.NestedExceptionUtils;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;

/**
 * A pipeline that runs in this process. It stops with the process, also while it is starting: a
 * shutdown hook of its own sees to it.
 */
final class LocalRun {
    /**
     * How it is run.
     *
     * @param host the address that dashboard, API and collector listen on
     * @param port their port
     * @param generator whether synthetic events are made where the manifest says so
     * @param mongo the URI of a store to use instead of an embedded one; {@code null} for none
     * @param manifest the file that the plan was read from
     * @param databases those that tables are captured from
     */
    record Settings(
            String host,
            int port,
            boolean generator,
            String mongo,
            Path manifest,
            Map<DatabasePlan, GivenDatabase> databases) {
        /** Where the files of tables are: beside the manifest. */
        Path folder() {
            return manifest.toAbsolutePath().getParent();
        }
    }

    private static final String ENDPOINTS = "endpoints.json";
    private static final Duration READY = Duration.ofSeconds(20);

    private final Plan plan;
    private final DataFolder data;
    private final Settings settings;
    private final LocalServers servers;
    private final CompletableFuture<Workloads> workloads;
    private final RunningPipelines running = RunningPipelines.here();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Whether it is stopping, or has never started: nothing more is promised then. */
    private boolean ending;

    private boolean stopping;

    private LocalRun(Plan plan, DataFolder data, Settings settings) {
        this.plan = plan;
        this.data = data;
        this.settings = settings;
        Plan local = LocalPlan.of(plan, settings.databases());
        this.servers = new LocalServers(data, settings.mongo(), plan.hasAvro());
        if (!settings.databases().isEmpty()) {
            servers.capture(local, settings.databases().values());
        }
        this.workloads =
                CompletableFuture.supplyAsync(
                        () ->
                                Workloads.start(
                                        local, servers, settings, data.server("millrace.log")),
                        Thread.ofPlatform().daemon().name("workloads")::start);
    }

    /**
     * Starts servers and workloads, and says where the dashboard is.
     *
     * @throws CommandFailure when they cannot start; the process has to end then, which stops what
     *     has started
     */
    static LocalRun start(Plan plan, DataFolder data, Settings settings)
            throws InterruptedException {
        requireFree(settings);
        data.remove(ENDPOINTS);
        Console.keepQuiet();
        Console.say("Starting the pipeline %s", plan.name());
        LocalRun run = new LocalRun(plan, data, settings);
        Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "stop"));
        run.finishStart(System.nanoTime());
        return run;
    }

    private void finishStart(long from) throws InterruptedException {
        Optional<String> obstacle;
        try {
            firstFailureOf(servers.started(), workloads).join();
            obstacle = workloads.join().awaitReady(READY);
        } catch (CompletionException e) {
            synchronized (this) {
                if (!ending) {
                    ending = true;
                    throw explained(e.getCause());
                }
            }
            return;
        }
        synchronized (this) {
            if (ending) {
                return;
            }
            String url = "http://" + shown(settings.host()) + ":" + settings.port();
            Map<String, Object> endpoints = endpoints(url);
            data.write(ENDPOINTS, endpoints);
            running.add(endpoints);
            Console.say(
                    "  %s after %.1f s; logs and addresses are in %s",
                    obstacle.map(reason -> "not all ready (" + reason + ")").orElse("all ready"),
                    (System.nanoTime() - from) / 1e9,
                    data.path());
            Console.say("Dashboard: %s/dashboard/  (Ctrl-C stops)", url);
        }
    }

    private static CompletableFuture<Void> firstFailureOf(
            CompletableFuture<?> one, CompletableFuture<?> other) {
        CompletableFuture<Void> both = CompletableFuture.allOf(one, other);
        one.whenComplete((_, failure) -> fail(both, failure));
        other.whenComplete((_, failure) -> fail(both, failure));
        return both;
    }

    private static void fail(CompletableFuture<?> future, Throwable failure) {
        if (failure != null) {
            future.completeExceptionally(failure);
        }
    }

    private Map<String, Object> endpoints(String url) {
        Map<String, Object> endpoints = new LinkedHashMap<>();
        endpoints.put("pipeline", plan.name());
        endpoints.put("pid", ProcessHandle.current().pid());
        endpoints.put("dashboard", url + "/dashboard/");
        endpoints.put("api", url);
        endpoints.put("collector", url);
        endpoints.put("kafka", servers.kafka());
        endpoints.put("redis", servers.redis());
        endpoints.put("mongo", servers.mongo());
        if (servers.registry() != null) {
            endpoints.put("registry", servers.registry());
        }
        endpoints.put("manifest", settings.manifest().toAbsolutePath().normalize().toString());
        return endpoints;
    }

    private RuntimeException explained(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ServerStartException || cause instanceof CommandFailure) {
            return new CommandFailure(cause.getMessage());
        }
        Console.log().error("The pipeline cannot be started", cause);
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof PortInUseException) {
                return portTaken(settings, "another program was quicker");
            }
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(cause);
        return new CommandFailure(
                "The pipeline cannot be started: "
                        + root
                        + "; "
                        + data.server("millrace.log")
                        + " tells more");
    }

    private static String shown(String host) {
        return switch (host) {
            case "127.0.0.1", "0.0.0.0", "::" -> "localhost";
            default -> host.contains(":") ? "[" + host + "]" : host;
        };
    }

    private static void requireFree(Settings settings) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(
                    new InetSocketAddress(InetAddress.getByName(settings.host()), settings.port()));
        } catch (UnknownHostException e) {
            throw new CommandFailure(
                    "--host "
                            + settings.host()
                            + " is no address of this machine; write one such as 127.0.0.1, or 0.0.0.0 for all",
                    2);
        } catch (IOException e) {
            throw portTaken(settings, e.getMessage());
        }
    }

    private static CommandFailure portTaken(Settings settings, String why) {
        return new CommandFailure(
                "Port %d on %s cannot be had (%s); stop what uses it, or choose another with --port"
                        .formatted(settings.port(), settings.host(), why));
    }

    /** Waits until it is stopped. */
    void await() throws InterruptedException {
        stopped.await();
    }

    /**
     * Stops the workloads, which finish what they have begun, and then the servers. Does nothing
     * the second time.
     */
    void stop() {
        boolean quiet;
        synchronized (this) {
            if (stopping) {
                return;
            }
            stopping = true;
            quiet = ending;
            ending = true;
        }
        if (!quiet) {
            Console.say("Stopping: what was accepted is being counted and recorded");
        }
        running.remove();
        if (workloads.state() == CompletableFuture.State.SUCCESS) {
            workloads.join().close();
        }
        servers.close();
        data.remove(ENDPOINTS);
        if (!quiet) {
            Console.say("Stopped; the data is kept in %s", data.path());
        }
        stopped.countDown();
    }
}
