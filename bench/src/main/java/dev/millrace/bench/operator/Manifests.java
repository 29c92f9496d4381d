package dev.millrace.bench.operator;

import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is applied to the API server. */
final class Manifests {
    /** How many namespaces pipelines are spread over. */
    static final int NAMESPACES = 4;

    private Manifests() {}

    /** The objects of a file of YAML. */
    static List<ObjectNode> read(Path file) throws IOException {
        List<ObjectNode> objects = new ArrayList<>();
        var yaml = new Load(LoadSettings.builder().build());
        for (Object document : yaml.loadAllFromString(Files.readString(file))) {
            JsonNode object = JsonMapper.shared().valueToTree(document);
            if (object.isObject()) {
                objects.add((ObjectNode) object);
            }
        }
        return objects;
    }

    /** The objects of all files of a folder. */
    static List<ObjectNode> readAll(Path folder) throws IOException {
        List<ObjectNode> objects = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                objects.addAll(read(file));
            }
        }
        return objects;
    }

    static JsonNode namespace(String name) {
        return JsonMapper.shared()
                .valueToTree(
                        Map.of(
                                "apiVersion",
                                "v1",
                                "kind",
                                "Namespace",
                                "metadata",
                                Map.of("name", name)));
    }

    /** The namespace of the pipeline of a number. */
    static String namespaceOf(int number) {
        return "bench-" + number % NAMESPACES;
    }

    /** Pipelines like one, with names of their own. */
    static List<ObjectNode> pipelines(ObjectNode like, int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> pipeline(like, number)).toList();
    }

    private static ObjectNode pipeline(ObjectNode like, int number) {
        ObjectNode copy = like.deepCopy();
        copy.putObject("metadata")
                .put("name", name("clicks", number))
                .put("namespace", namespaceOf(number));
        return copy;
    }

    private static String name(String what, int number) {
        return "%s-%04d".formatted(what, number);
    }

    /**
     * Copies of what the operator made of the first pipeline, as a person would apply them who
     * writes all by hand. They do not carry the label by which the operator finds its own.
     */
    static List<ObjectNode> byHand(List<ObjectNode> made, int count) {
        return IntStream.range(0, count)
                .boxed()
                .flatMap(number -> made.stream().map(object -> byHand(object, number)))
                .toList();
    }

    private static ObjectNode byHand(ObjectNode object, int number) {
        ObjectNode copy = object.deepCopy();
        copy.remove("status");
        JsonNode metadata = copy.path("metadata");
        ObjectNode mine = copy.putObject("metadata");
        mine.put("name", metadata.path("name").asString());
        mine.put("namespace", namespaceOf(number));
        mine.set("labels", metadata.path("labels"));
        ((ObjectNode) mine.path("labels")).put("app.kubernetes.io/managed-by", "bench");
        if (copy.path("spec") instanceof ObjectNode spec) {
            // the address of the first one
            spec.remove(List.of("clusterIP", "clusterIPs"));
        }
        String text = copy.toString().replace(name("clicks", 0), name("byhand", number));
        return (ObjectNode) JsonMapper.shared().readTree(text);
    }
}
