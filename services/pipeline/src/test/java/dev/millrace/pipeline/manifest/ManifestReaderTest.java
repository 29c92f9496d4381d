package dev.millrace.pipeline.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.ViewPlan.Fields;
import dev.millrace.pipeline.plan.ViewPlan.Items;
import dev.millrace.pipeline.plan.ViewPlan.Literal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Files that cannot be read, and what plain YAML values become. */
class ManifestReaderTest {
    private static final String HEAD =
            """
            apiVersion: millrace.dev/v1alpha1
            kind: AnalyticsPipeline
            metadata: {name: test}
            spec:
              streams: [{name: events, fields: {a: {type: string}}}]
            """;

    @TempDir private Path folder;

    private void refused(Path file, String message) {
        assertThatThrownBy(() -> ManifestReader.read(file))
                .isInstanceOf(InvalidPipelineException.class)
                .hasMessageContaining(message);
    }

    @Test
    void filesThatCannotBeReadAreToldPlainly() throws IOException {
        refused(folder.resolve("nowhere.yaml"), "nowhere.yaml: there is no such file");
        refused(folder, "cannot be read");
        Path latin =
                Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});
        refused(latin, "latin.yaml: is no UTF-8 text; save it as UTF-8");
        Path large = Files.writeString(folder.resolve("large.yaml"), "#".repeat((1 << 20) + 1));
        refused(large, "large.yaml: is larger than 1 MiB");
        refused(Files.createFile(folder.resolve("empty.yaml")), "holds no AnalyticsPipeline");
    }

    @Test
    void byteOrderMarkAndWindowsLineEndsAreRead() throws IOException {
        Path file = folder.resolve("windows.yaml");
        Files.writeString(file, "\ufeff" + HEAD.replace("\n", "\r\n"), StandardCharsets.UTF_8);
        assertThat(ManifestReader.read(file).name()).isEqualTo("test");
    }

    @Test
    void otherDocumentsOfTheFileAreLeftAlone() {
        String text =
                "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n---\n" + HEAD + "---\n";
        assertThat(ManifestReader.parse("test", text).name()).isEqualTo("test");
    }

    @Test
    void partsWithNothingInThemAreAbsent() {
        Plan plan =
                ManifestReader.parse(
                        "test",
                        HEAD
                                + "  metrics:\n  views: null\n  audit:\n  dashboard:\n  clock:\n  redis:\n");
        assertThat(plan.metrics()).isEmpty();
        assertThat(plan.title()).isEqualTo("test");
    }

    @Test
    void statusAndOtherMetadataOfAnAppliedResourceAreLeftAlone() {
        Plan plan =
                ManifestReader.parse(
                        "test",
                        HEAD.replace("{name: test}", "{name: test, uid: 1, labels: {a: b}}")
                                + "status: {observedGeneration: 3}\n");
        assertThat(plan.name()).isEqualTo("test");
    }

    @Test
    void valuesAreWhatKubectlTakesThemFor() {
        Fields body =
                (Fields)
                        ManifestReader.parse(
                                        "test",
                                        HEAD
                                                + """
                                                    views:
                                                      - path: /values
                                                        body:
                                                          text: [plain, "yes", 'no', 5m, 1%, 20..100, 2026-01-01, 1:30, "", "null"]
                                                          numbers: [0, -5, 2147483648, 9223372036854775808, 1.5, 1e3, 5.]
                                                          others: [true, false, null, ]
                                                          "y": 1
                                                          5: 2
                                                  """)
                                .views()
                                .getFirst()
                                .body();
        assertThat(literals(body, "text"))
                .containsExactly(
                        "plain",
                        "yes",
                        "no",
                        "5m",
                        "1%",
                        "20..100",
                        "2026-01-01",
                        "1:30",
                        "",
                        "null");
        assertThat(literals(body, "numbers"))
                .containsExactly(
                        0,
                        -5,
                        2147483648L,
                        new BigInteger("9223372036854775808"),
                        1.5,
                        1000.0,
                        5.0);
        assertThat(literals(body, "others")).containsExactly(true, false, null);
        assertThat(body.fields()).containsKeys("y", "5");
    }

    private static List<Object> literals(Fields body, String name) {
        List<Object> values = new ArrayList<>();
        ((Items) body.fields().get(name))
                .items()
                .forEach(item -> values.add(((Literal) item).value()));
        return values;
    }

    @Test
    void anyDamageToAManifestIsReportedOrHarmless() throws IOException {
        List<String> seeds = new ArrayList<>();
        for (Path example : ExampleManifestsTest.examples()) {
            seeds.add(Files.readString(example));
        }
        Random random = new Random(7);
        String pieces = "{}[]:,-\"'\n\t &*!|>#%@`?~0ay<";
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder(seeds.get(i % seeds.size()));
            for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                    case 0 -> text.deleteCharAt(at);
                    case 1 -> text.insert(at, pieces.charAt(random.nextInt(pieces.length())));
                    default -> text.delete(at, Math.min(text.length(), at + random.nextInt(200)));
                }
            }
            try {
                ManifestReader.parse("damaged.yaml", text.toString());
            } catch (InvalidPipelineException e) {
                refused++;
                assertThat(e.problems()).isNotEmpty();
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @Test
    void ninetyLevelsAreReadAndFiveHundredThousandAreNot() {
        String view = "  views: [{path: /a, body: {deep: ";
        String deep = HEAD + view + "[".repeat(90) + "]".repeat(90) + "}}]\n";
        assertThat(ManifestReader.parse("test", deep).views()).hasSize(1);
        assertThatExceptionOfType(InvalidPipelineException.class)
                .isThrownBy(() -> ManifestReader.parse("test", HEAD + view + "[".repeat(500_000)))
                .withMessageContaining("nested deeper than 100 levels");
    }
}
