package dev.millrace.embedded;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;

import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An Apache Kafka broker, its own controller, in this JVM. It listens on 127.0.0.1 only and keeps
 * its data in a folder, over a restart and over the death of the process.
 *
 * <p>Topics are not created by using them, and have one replica.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);
    private static final String SERVER = "Kafka";
    private static final int NODE_ID = 1;
    private static final int ATTEMPTS = 3;

    private final DataDirectory data;
    private final int port;
    private final Map<String, String> settings;
    private KafkaRaftServer broker;

    private EmbeddedKafka(DataDirectory data, int port, Map<String, String> settings) {
        this.data = data;
        this.port = port;
        this.settings = Map.copyOf(settings);
    }

    /**
     * Starts a broker and waits until it takes requests.
     *
     * @param folder where its data is; created when missing
     * @param port the port on 127.0.0.1, or 0 for a free one
     * @throws ServerStartException when the port or the folder is taken, or the data cannot be read
     */
    public static EmbeddedKafka start(Path folder, int port) {
        return start(folder, port, Map.of());
    }

    /**
     * Starts a broker with settings of its own.
     *
     * @param settings broker settings that go before the ones made here
     * @see #start(Path, int)
     */
    public static EmbeddedKafka start(Path folder, int port, Map<String, String> settings) {
        QuietLogs.apply();
        var data = DataDirectory.lock(SERVER, folder);
        try {
            var kafka = new EmbeddedKafka(data, FreePorts.require(SERVER, port), settings);
            kafka.startBroker();
            return kafka;
        } catch (RuntimeException e) {
            data.close();
            throw e;
        }
    }

    /** What clients connect to: host and port. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** The port on 127.0.0.1; the same after a restart. */
    public int port() {
        return port;
    }

    /** Stops the broker as an operator would; the folder stays held. Does nothing when stopped. */
    public synchronized void stop() {
        if (broker != null) {
            broker.shutdown();
            broker.awaitShutdown();
            broker = null;
        }
    }

    /**
     * Starts the broker again on the same port and data, after stopping it when it runs.
     *
     * @throws ServerStartException as at the first start
     */
    public synchronized void restart() {
        stop();
        FreePorts.require(SERVER, port);
        startBroker();
    }

    /** Stops the broker and gives the folder back. */
    @Override
    public void close() {
        stop();
        data.close();
    }

    private synchronized void startBroker() {
        // Kafka ends the whole JVM when it cannot go on; here it shares the JVM with others.
        Exit.setHaltProcedure(EmbeddedKafka::refuseToEndTheProcess);
        Exit.setExitProcedure(EmbeddedKafka::refuseToEndTheProcess);
        for (var attempt = 1; broker == null; attempt++) {
            var controllerPort = FreePorts.one();
            try {
                format();
                broker = new KafkaRaftServer(config(controllerPort), Time.SYSTEM);
                broker.startup();
            } catch (Exception | LinkageError e) {
                stopAfterFailure();
                // Nobody chose the controller's port: when another program was quicker, take
                // another.
                if (attempt == ATTEMPTS || FreePorts.isFree(controllerPort)) {
                    throw new ServerStartException(
                            "Kafka did not start on 127.0.0.1:%d with the data in %s: %s. If the data is damaged, delete that folder to start empty."
                                    .formatted(port, data.path(), rootMessage(e)),
                            e);
                }
            }
        }
    }

    private void stopAfterFailure() {
        try {
            stop();
        } catch (RuntimeException e) {
            log.debug("A Kafka that did not start did not stop cleanly either", e);
        } finally {
            broker = null;
        }
    }

    private void format() throws Exception {
        var logs = logs();
        Files.createDirectories(logs);
        if (Files.exists(logs.resolve("meta.properties"))) {
            return;
        }
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(NODE_ID)
                .setClusterId(Uuid.randomUuid().toString())
                .setDirectories(List.of(logs.toString()))
                .setMetadataLogDirectory(logs.toString())
                .setControllerListenerName("CONTROLLER")
                .run();
    }

    private Path logs() {
        return data.path().resolve("logs");
    }

    private KafkaConfig config(int controllerPort) {
        var all = new HashMap<String, String>();
        all.put("process.roles", "broker,controller");
        all.put("node.id", Integer.toString(NODE_ID));
        all.put(
                "listeners",
                "CLIENTS://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort));
        all.put("advertised.listeners", "CLIENTS://127.0.0.1:%d".formatted(port));
        all.put("listener.security.protocol.map", "CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT");
        all.put("inter.broker.listener.name", "CLIENTS");
        all.put("controller.listener.names", "CONTROLLER");
        all.put("controller.quorum.voters", "%d@127.0.0.1:%d".formatted(NODE_ID, controllerPort));
        all.put("log.dirs", logs().toString());
        all.putAll(SmallBroker.SETTINGS);
        all.putAll(settings);
        return new KafkaConfig(all, false);
    }

    private static void refuseToEndTheProcess(int status, String message) {
        throw new IllegalStateException(
                "Kafka gave up (%d)%s".formatted(status, message == null ? "" : ": " + message));
    }

    private static String rootMessage(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
