package dev.millrace.pipeline.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code kubectl explain} says of a setting is what its Javadoc says. */
class DescriptionsTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/millrace/pipeline/resource");
    private static final Pattern RECORD =
            Pattern.compile(
                    "/\\*\\*((?:(?!\\*/).)*+)\\*/\\s*(?:@ValidationRule\\((?:\"(?:[^\"\\\\]++|\\\\.)*+\"|[^()\"]++)*+\\)\\s*)*+public record (\\w+)",
                    Pattern.DOTALL);

    static List<Class<?>> records() throws IOException, ClassNotFoundException {
        List<Class<?>> records = new ArrayList<>();
        try (Stream<Path> files = Files.list(SOURCES)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (!name.equals("package-info")) {
                    Class<?> type = Class.forName(PipelineSpec.class.getPackageName() + "." + name);
                    Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses()))
                            .filter(Class::isRecord)
                            .forEach(records::add);
                }
            }
        }
        return records;
    }

    @ParameterizedTest
    @MethodSource("records")
    void saysWhatTheJavadocSays(Class<?> type) throws IOException {
        Class<?> outer = type.getDeclaringClass() == null ? type : type.getDeclaringClass();
        String source = Files.readString(SOURCES.resolve(outer.getSimpleName() + ".java"));
        Map<String, String> documented = parameters(javadoc(source, type.getSimpleName()));

        Map<String, String> described = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            JsonPropertyDescription description =
                    component.getAccessor().getAnnotation(JsonPropertyDescription.class);
            described.put(component.getName(), description == null ? null : description.value());
        }

        assertThat(described).isEqualTo(documented).isNotEmpty();
    }

    private static String javadoc(String source, String record) {
        return RECORD.matcher(source)
                .results()
                .filter(match -> match.group(2).equals(record))
                .findFirst()
                .orElseThrow(() -> new AssertionError(record + " has no Javadoc"))
                .group(1);
    }

    private static Map<String, String> parameters(String javadoc) {
        String text =
                javadoc.lines()
                        .map(line -> line.strip().replaceFirst("^\\*\\s?", "").strip())
                        .collect(Collectors.joining(" "));
        Map<String, String> parameters = new LinkedHashMap<>();
        String[] parts = text.split("@param\\s+");
        for (int i = 1; i < parts.length; i++) {
            String[] nameAndText = parts[i].strip().split("\\s+", 2);
            String plain = plain(nameAndText[1]);
            parameters.put(
                    nameAndText[0], Character.toUpperCase(plain.charAt(0)) + plain.substring(1));
        }
        return parameters;
    }

    /** Without the marks around code, whose braces may be nested twice. */
    private static String plain(String text) {
        Matcher code =
                Pattern.compile("\\{@code ((?:[^{}]|\\{(?:[^{}]|\\{[^{}]*})*})*)}").matcher(text);
        return code.replaceAll((MatchResult match) -> Matcher.quoteReplacement(match.group(1)))
                .replaceAll("\\s+", " ")
                .strip();
    }
}
