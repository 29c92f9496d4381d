package dev.millrace.local.run;

import dev.millrace.embedded.ServerStartException;
import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A pipeline that runs in this process. */
final class LocalRun {
    /**
     * How it is run.
     *
     * @param host the address that dashboard, API and collector listen on
     * @param port their port
     * @param generator whether synthetic events are made where the manifest says so
     */
    record Settings(String host, int port, boolean generator) {}

    private static final String ENDPOINTS = "endpoints.json";

    private final DataFolder data;
    private final LocalServers servers;
    private final ConfigurableApplicationContext application;
    private final RunningPipelines running;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private LocalRun(
            DataFolder data,
            LocalServers servers,
            ConfigurableApplicationContext application,
            RunningPipelines running) {
        this.data = data;
        this.servers = servers;
        this.application = application;
        this.running = running;
    }

    /**
     * Starts servers and workloads, and says where the dashboard is.
     *
     * @throws CommandFailure when the port is taken
     * @throws ServerStartException when a server cannot start
     */
    static LocalRun start(Plan plan, DataFolder data, Settings settings) {
        requireFree(settings);
        long from = System.nanoTime();
        Console.say("Starting the pipeline %s", plan.name());
        LocalServers servers = new LocalServers(data, plan.name());
        ConfigurableApplicationContext application = null;
        try {
            application = application(LocalPlan.of(plan), data, servers, settings);
            servers.await();
        } catch (RuntimeException e) {
            if (application != null) {
                application.close();
            }
            servers.close();
            throw explained(e, data);
        }
        RunningPipelines running = RunningPipelines.here();
        LocalRun run = new LocalRun(data, servers, application, running);
        String url = "http://" + shown(settings.host()) + ":" + settings.port();
        Map<String, Object> endpoints = new LinkedHashMap<>();
        endpoints.put("pipeline", plan.name());
        endpoints.put("pid", ProcessHandle.current().pid());
        endpoints.put("dashboard", url + "/dashboard/");
        endpoints.put("api", url);
        endpoints.put("collector", url);
        endpoints.put("kafka", servers.kafka());
        endpoints.put("redis", servers.redis());
        endpoints.put("mongo", servers.mongo());
        data.write(ENDPOINTS, endpoints);
        running.add(endpoints);
        Runtime.getRuntime().addShutdownHook(new Thread(run::stop, "stop"));
        Console.say(
                "  all ready after %.1f s; logs and addresses are in %s",
                (System.nanoTime() - from) / 1e9, data.server(""));
        Console.say("Dashboard: %s/dashboard/  (Ctrl-C stops)", url);
        return run;
    }

    private static RuntimeException explained(RuntimeException failure, DataFolder data) {
        if (failure instanceof ServerStartException) {
            return failure;
        }
        Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
        Console.log().error("The pipeline cannot be started", failure);
        return new CommandFailure(
                "The pipeline cannot be started: "
                        + root.getMessage()
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
        } catch (IOException e) {
            throw new CommandFailure(
                    "Port %d on %s cannot be had (%s); stop what uses it, or choose another with --port"
                            .formatted(settings.port(), settings.host(), e.getMessage()));
        }
    }

    private static ConfigurableApplicationContext application(
            Plan plan, DataFolder data, LocalServers servers, Settings settings) {
        SpringApplication application =
                new SpringApplicationBuilder(LocalApplication.class)
                        .initializers(
                                context -> context.getBeanFactory().registerSingleton("plan", plan))
                        .registerShutdownHook(false)
                        .build();
        return application.run(
                "--server.address=" + settings.host(),
                "--server.port=" + settings.port(),
                "--spring.kafka.bootstrap-servers=" + servers.kafka(),
                "--spring.data.redis.url=" + servers.redis(),
                "--spring.mongodb.uri=" + servers.mongo(),
                "--millrace.producer.generator.enabled=" + settings.generator(),
                "--logging.file.name=" + data.server("millrace.log"));
    }

    /** Waits until it is stopped. */
    void await() throws InterruptedException {
        stopped.await();
    }

    /** Stops the workloads, which finish what they have begun, and then the servers. */
    private void stop() {
        Console.say("Stopping: what was accepted is being counted and recorded");
        running.remove();
        application.close();
        servers.close();
        data.remove(ENDPOINTS);
        Console.say("Stopped; the data is kept in %s", data.server(""));
        stopped.countDown();
    }
}
