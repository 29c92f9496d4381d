package dev.millrace.connect;

import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.Herder;
import org.apache.kafka.connect.runtime.RestartRequest;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo.AbstractState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * Keeps connectors running: what fails is begun again, after pauses that grow, for a database may
 * be away for as long as it likes.
 */
final class Connectors {
    private static final Logger log = LoggerFactory.getLogger(Connectors.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How long a connector runs before its failures are forgotten. */
    private static final Duration WELL = Duration.ofMinutes(1);

    private final Herder herder;
    private final Map<String, Map<String, String>> settings;
    private final Path stateFile;
    private final Map<String, Attempt> attempts = new HashMap<>();
    private String told = "";

    /** When a connector is begun again. */
    private static final class Attempt {
        private Duration pause = FIRST_PAUSE;
        private long at;
        private String reason;
    }

    Connectors(Herder herder, Map<String, Map<String, String>> settings, Path stateFile) {
        this.herder = herder;
        this.settings = settings;
        this.stateFile = stateFile;
    }

    /** Runs until the thread is interrupted. */
    void run() throws IOException, InterruptedException {
        while (true) {
            Map<String, String> states = new TreeMap<>();
            settings.forEach((name, each) -> states.put(name, look(name, each)));
            tell(states);
            Thread.sleep(LOOK);
        }
    }

    /** Makes sure that a connector runs; returns {@code RUNNING}, or why it does not. */
    private String look(String name, Map<String, String> each) {
        Attempt attempt = attempts.computeIfAbsent(name, _ -> new Attempt());
        ConnectorStateInfo info;
        try {
            info = herder.connectorStatus(name);
        } catch (NotFoundException e) {
            if (System.nanoTime() - attempt.at >= 0 || attempt.reason == null) {
                attempt.reason = put(name, each);
                again(attempt);
            }
            return attempt.reason == null ? "STARTING" : attempt.reason;
        }
        String failure =
                Stream.concat(Stream.of(info.connector()), info.tasks().stream())
                        .filter(state -> "FAILED".equals(state.state()))
                        .map(AbstractState::trace)
                        .map(Cause::of)
                        .findFirst()
                        .orElse(null);
        if (failure == null) {
            boolean runs =
                    !info.tasks().isEmpty()
                            && info.tasks().stream()
                                    .allMatch(task -> "RUNNING".equals(task.state()));
            if (runs && System.nanoTime() - attempt.at > WELL.toNanos()) {
                attempt.pause = FIRST_PAUSE;
                attempt.reason = null;
            }
            if (runs && SeenTables.none(each.get("topic.prefix"))) {
                return "There are no such tables, or the user may not read them";
            }
            return runs ? "RUNNING" : attempt.reason == null ? "STARTING" : attempt.reason;
        }
        if (!failure.equals(attempt.reason)) {
            log.warn("Connector {}: {}", name, failure);
        }
        if (attempt.reason == null) {
            attempt.at = System.nanoTime() + attempt.pause.toNanos();
        }
        attempt.reason = failure;
        if (System.nanoTime() - attempt.at >= 0) {
            again(attempt);
            herder.restartConnectorAndTasks(
                    new RestartRequest(name, true, true),
                    (e, _) -> {
                        if (e != null) {
                            log.warn("Connector {} cannot be begun again", name, e);
                        }
                    });
        }
        return failure;
    }

    private static void again(Attempt attempt) {
        attempt.at = System.nanoTime() + attempt.pause.toNanos();
        Duration twice = attempt.pause.multipliedBy(2);
        attempt.pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    /** Adds a connector; returns what Kafka Connect refuses, or {@code null}. */
    private String put(String name, Map<String, String> each) {
        AtomicReference<String> refused = new AtomicReference<>();
        Map<String, String> named = new HashMap<>(each);
        named.put("name", name);
        // answers in this thread, but for its checks, which do not take the herder's lock
        CountDownLatch done = new CountDownLatch(1);
        herder.putConnectorConfig(
                name,
                named,
                true,
                (e, _) -> {
                    if (e != null) {
                        refused.set(
                                Cause.refused(
                                        e.getMessage() == null ? e.toString() : e.getMessage()));
                        log.warn("Connector {}: {}", name, e.getMessage());
                    }
                    done.countDown();
                });
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return refused.get();
    }

    private void tell(Map<String, String> states) throws IOException {
        StringBuilder text = new StringBuilder();
        states.forEach((name, state) -> text.append(name + "\t" + state + "\n"));
        if (text.toString().equals(told)) {
            return;
        }
        told = text.toString();
        Path draft = stateFile.resolveSibling(stateFile.getFileName() + ".draft");
        Files.writeString(draft, told);
        Files.move(
                draft,
                stateFile,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
