package dev.millrace.local.run;

import dev.millrace.embedded.EmbeddedConnect;
import dev.millrace.embedded.EmbeddedConnect.Connectors;
import dev.millrace.embedded.ServerStartException;
import dev.millrace.pipeline.capture.CaptureRemedy;
import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Follows the tables of databases, in a Kafka Connect that is started again should it die, and says
 * how that goes.
 */
final class TableCapture implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Path folder;
    private final String kafka;
    private final Connectors connectors;
    private final Map<String, CapturedDatabase> databases;
    private final Map<String, String> told = new HashMap<>();
    private final long from = System.nanoTime();
    private final Thread watch;
    private EmbeddedConnect connect;
    private boolean closed;

    private TableCapture(
            Path folder,
            String kafka,
            Connectors connectors,
            Map<String, CapturedDatabase> databases) {
        this.folder = folder;
        this.kafka = kafka;
        this.connectors = connectors;
        this.databases = databases;
        this.connect = EmbeddedConnect.start(folder, program(), kafka, connectors);
        this.watch = Thread.ofVirtual().name("connect").start(this::watch);
    }

    /** Where Kafka Connect is: {@code MILLRACE_CONNECT}, as the script sets it. */
    private static Path program() {
        String program = System.getenv("MILLRACE_CONNECT");
        if (program == null || program.isBlank()) {
            throw new ServerStartException(
                    "Kafka Connect is not found: set MILLRACE_CONNECT to services/connect/target/connect of a build, or use ./millrace");
        }
        return Path.of(program);
    }

    /**
     * Starts to follow them.
     *
     * @param plan with the given databases in it
     * @param folder where it keeps how far it is
     */
    static TableCapture start(
            Plan plan, Collection<GivenDatabase> databases, Path folder, String kafka) {
        try (Admin admin =
                Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
            Topics.ensureTables(admin, plan);
        } catch (ExecutionException e) {
            throw new ServerStartException("The topics of tables cannot be made: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServerStartException("Stopped while it started", e);
        }
        Map<String, Map<String, String>> settings = new LinkedHashMap<>();
        Map<String, String> environment = new HashMap<>();
        Map<String, CapturedDatabase> captured = new HashMap<>();
        Set<String> engines = new HashSet<>();
        for (CapturedDatabase database : CapturedDatabase.of("local", plan)) {
            GivenDatabase given =
                    databases.stream()
                            .filter(each -> each.database().equals(database.database()))
                            .findFirst()
                            .orElseThrow();
            String username = "MILLRACE_CONNECT_USERNAME_" + settings.size();
            String password = "MILLRACE_CONNECT_PASSWORD_" + settings.size();
            environment.put(username, given.username());
            environment.put(password, given.password());
            Map<String, String> connector =
                    database.settings(reference(username), reference(password));
            // what fails is begun again by Connectors, which tells why; Debezium would only log it
            connector.put("errors.max.retries", "0");
            if (database.hasHistory()) {
                connector.put(
                        "schema.history.internal",
                        "io.debezium.storage.file.history.FileSchemaHistory");
                connector.put(
                        "schema.history.internal.file.filename",
                        folder.resolve(database.historyTopic()).toAbsolutePath().toString());
            }
            engines.add(database.database().engine().name());
            settings.put(database.connector(), connector);
            captured.put(database.connector(), database);
        }
        return new TableCapture(
                folder, kafka, new Connectors(settings, environment, engines), captured);
    }

    private static String reference(String variable) {
        return "${env:" + variable + "}";
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(LOOK);
                look();
            }
        } catch (InterruptedException e) {
            // it is closed
        }
    }

    private void look() throws InterruptedException {
        EmbeddedConnect current;
        synchronized (this) {
            if (closed) {
                return;
            }
            current = connect;
        }
        if (current.isAlive()) {
            current.states().forEach((name, state) -> tell(name, state, current.log()));
            return;
        }
        Console.log().warn("Kafka Connect has ended; {} tells why", current.log());
        Thread.sleep(PAUSE);
        synchronized (this) {
            if (!closed) {
                connect.close();
                connect = EmbeddedConnect.start(folder, program(), kafka, connectors);
            }
        }
    }

    private void tell(String name, String state, Path log) {
        if (state.equals("STARTING") || state.equals(told.put(name, state))) {
            return;
        }
        CapturedDatabase database = databases.get(name);
        String what =
                database.database().database()
                        + " at "
                        + database.database().host()
                        + ":"
                        + database.database().port();
        if (state.equals("RUNNING")) {
            Console.say(
                    "  Capturing %s since %.1f s after the start",
                    what, (System.nanoTime() - from) / 1e9);
            return;
        }
        Console.say("  Not capturing %s: %s", what, state);
        CaptureRemedy.of(database, state).ifPresent(remedy -> Console.say("    To do: %s", remedy));
        Console.say("    It is tried again; %s tells more", log);
    }

    @Override
    public void close() {
        watch.interrupt();
        synchronized (this) {
            closed = true;
            connect.close();
        }
    }
}
