package dev.millrace.pipeline.manifest;

import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.PlanCompiler;
import dev.millrace.pipeline.plan.Problem;
import dev.millrace.pipeline.plan.Problems;
import dev.millrace.pipeline.plan.UnsupportedFeatures;
import dev.millrace.pipeline.resource.PipelineSpec;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a pipeline's manifest: the YAML that {@code kubectl apply} takes. */
public final class ManifestReader {
    private static final String API_VERSION = "millrace.dev/v1alpha1";
    private static final String KIND = "AnalyticsPipeline";
    private static final long MAX_BYTES = 1 << 20;

    private ManifestReader() {}

    /**
     * Reads and compiles the manifest in a file, for services that are to run all of it.
     *
     * @throws InvalidPipelineException with everything that is wrong, or that this version does not
     *     run yet
     */
    public static Plan readToRun(Path file) {
        Plan plan = read(file);
        UnsupportedFeatures.refuse(plan);
        return plan;
    }

    /**
     * Reads and compiles the manifest in a file.
     *
     * @throws InvalidPipelineException with everything that is wrong, also where the file cannot be
     *     read
     */
    public static Plan read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw unreadable(file, "is larger than 1 MiB, which no manifest is");
            }
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw unreadable(file, "there is no such file");
        } catch (CharacterCodingException e) {
            throw unreadable(file, "is no UTF-8 text; save it as UTF-8");
        } catch (IOException e) {
            throw unreadable(file, "cannot be read: " + e.getMessage());
        }
    }

    /**
     * Compiles the manifest in a text.
     *
     * @param origin where the text is from, for errors
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static Plan parse(String origin, String yaml) {
        JsonNode manifest = pipeline(origin, yaml);
        Problems problems = new Problems();
        String apiVersion = manifest.path("apiVersion").asString("");
        if (!apiVersion.equals(API_VERSION)) {
            problems.add(
                    "apiVersion",
                    (apiVersion.isEmpty() ? "is missing" : "is \"" + apiVersion + "\"")
                            + "; write "
                            + API_VERSION);
        }
        manifest.propertyNames().stream()
                .filter(
                        name ->
                                !List.of("apiVersion", "kind", "metadata", "spec", "status")
                                        .contains(name))
                .forEach(
                        name ->
                                problems.unknown(
                                        name,
                                        "part of a manifest",
                                        name,
                                        List.of("metadata", "spec")));
        String name = manifest.path("metadata").path("name").asString(null);
        PipelineSpec spec =
                new RecordBinder(problems).bind("spec", manifest.get("spec"), PipelineSpec.class);
        return PlanCompiler.compile(name, spec, problems);
    }

    private static JsonNode pipeline(String origin, String yaml) {
        YamlReader reader = new YamlReader(yaml);
        if (!reader.problems().isEmpty()) {
            throw new InvalidPipelineException(
                    reader.problems().stream().map(text -> new Problem(origin, text)).toList());
        }
        List<JsonNode> pipelines = new ArrayList<>();
        List<String> kinds = new ArrayList<>();
        for (JsonNode document : reader.documents()) {
            if (document.path("kind").asString("").equals(KIND)) {
                pipelines.add(document);
            } else if (document.isObject()) {
                kinds.add(document.path("kind").asString("no kind"));
            }
        }
        if (pipelines.isEmpty()) {
            throw invalid(
                    origin,
                    "holds no AnalyticsPipeline"
                            + (kinds.isEmpty() ? "" : ", only " + String.join(", ", kinds))
                            + "; begin it with apiVersion: "
                            + API_VERSION
                            + " and kind: "
                            + KIND);
        }
        if (pipelines.size() > 1) {
            throw invalid(origin, "holds " + pipelines.size() + " pipelines; keep one in a file");
        }
        return pipelines.getFirst();
    }

    private static InvalidPipelineException unreadable(Path file, String why) {
        return invalid(file.toString(), why);
    }

    private static InvalidPipelineException invalid(String path, String why) {
        return new InvalidPipelineException(List.of(new Problem(path, why)));
    }
}
