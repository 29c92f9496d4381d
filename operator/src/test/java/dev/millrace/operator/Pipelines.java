package dev.millrace.operator;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Pipelines as files hold them, with all that is written there, known or not. */
final class Pipelines {
    private Pipelines() {}

    /** The documents of a file, in their order. */
    static List<GenericKubernetesResource> read(Path file) {
        try {
            return Arrays.stream(Files.readString(file).split("(?m)^---$"))
                    .map(
                            yaml ->
                                    new KubernetesSerialization()
                                            .unmarshal(yaml, GenericKubernetesResource.class))
                    // before the first mark there may be nothing
                    .filter(Objects::nonNull)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
