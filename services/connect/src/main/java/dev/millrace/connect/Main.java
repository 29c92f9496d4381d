package dev.millrace.connect;

import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.connector.policy.AllConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs the connectors of a folder until it is stopped: {@code worker.properties} has the runtime's
 * settings, each {@code connectors/NAME.properties} those of a connector, and {@code state} tells
 * what they do.
 */
public final class Main {
    private Main() {}

    /**
     * Runs them.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        Map<String, String> settings = properties(folder.resolve("worker.properties"));
        Plugins plugins = new Plugins(settings);
        plugins.compareAndSwapWithDelegatingLoader();
        StandaloneConfig config = new StandaloneConfig(settings);
        FileOffsetBackingStore offsets =
                new FileOffsetBackingStore(
                        plugins.newInternalConverter(
                                true,
                                JsonConverter.class.getName(),
                                Map.of("schemas.enable", "false")));
        offsets.configure(config);
        AllConnectorClientConfigOverridePolicy policy =
                new AllConnectorClientConfigOverridePolicy();
        policy.configure(Map.of());
        Worker worker = new Worker("local", Time.SYSTEM, plugins, config, offsets, policy);
        StandaloneHerder herder = new StandaloneHerder(worker, config.kafkaClusterId(), policy);
        Runtime.getRuntime().addShutdownHook(new Thread(herder::stop, "stop"));
        herder.start();
        new Connectors(herder, connectors(folder), folder.resolve("state")).run();
    }

    private static Map<String, Map<String, String>> connectors(Path folder) throws IOException {
        Map<String, Map<String, String>> connectors = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("connectors"))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replaceAll("\\.properties$", "");
                connectors.put(name, properties(file));
            }
        }
        return connectors;
    }

    private static Map<String, String> properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, properties::getProperty));
    }
}
