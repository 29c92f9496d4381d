package dev.millrace.pipeline.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.pipeline.plan.InvalidPipelineException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Each {@code problems/NAME.yaml} is refused with exactly the lines of {@code NAME.txt}. */
class ProblemsTest {
    private static final Path FOLDER = Path.of("src/test/resources/problems");

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.[a-z]+$", ""))
                    .collect(
                            Collectors.collectingAndThen(
                                    Collectors.toCollection(TreeSet::new), List::copyOf));
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void everyProblemIsListedWithPathAndRemedy(String name) throws IOException {
        String manifest = Files.readString(FOLDER.resolve(name + ".yaml"));
        String expected = Files.readString(FOLDER.resolve(name + ".txt"));

        InvalidPipelineException refusal =
                catchThrowableOfType(
                        InvalidPipelineException.class,
                        () -> ManifestReader.parse(name + ".yaml", manifest));

        assertThat(refusal).as("it is accepted").isNotNull();
        assertThat(refusal.getMessage().lines().toList())
                .containsExactlyElementsOf(expected.lines().toList());
        assertThat(refusal.problems()).doesNotHaveDuplicates();
    }

    @Test
    void noFileIsLeftUnused() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            names().stream()
                                    .flatMap(name -> Stream.of(name + ".yaml", name + ".txt"))
                                    .toList());
        }
    }
}
