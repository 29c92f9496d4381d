package dev.millrace.pipeline.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.resource.ApiSpec;
import dev.millrace.pipeline.resource.AuditSpec;
import dev.millrace.pipeline.resource.AutoscalingSpec;
import dev.millrace.pipeline.resource.ConnectSpec;
import dev.millrace.pipeline.resource.DashboardSpec;
import dev.millrace.pipeline.resource.FieldSpec;
import dev.millrace.pipeline.resource.GeneratorSpec;
import dev.millrace.pipeline.resource.HistorySpec;
import dev.millrace.pipeline.resource.IngressSpec;
import dev.millrace.pipeline.resource.ItemFieldSpec;
import dev.millrace.pipeline.resource.JoinSpec;
import dev.millrace.pipeline.resource.KafkaSpec;
import dev.millrace.pipeline.resource.MetricSpec;
import dev.millrace.pipeline.resource.MongoSpec;
import dev.millrace.pipeline.resource.MonitoringSpec;
import dev.millrace.pipeline.resource.NetworkPolicySpec;
import dev.millrace.pipeline.resource.PipelineSpec;
import dev.millrace.pipeline.resource.RedisSpec;
import dev.millrace.pipeline.resource.ResourcesSpec;
import dev.millrace.pipeline.resource.RouteSpec;
import dev.millrace.pipeline.resource.SinkSpec;
import dev.millrace.pipeline.resource.StatsSpec;
import dev.millrace.pipeline.resource.StorageSpec;
import dev.millrace.pipeline.resource.StreamSpec;
import dev.millrace.pipeline.resource.TableSpec;
import dev.millrace.pipeline.resource.TopicSpec;
import dev.millrace.pipeline.resource.ViewSpec;
import dev.millrace.pipeline.resource.WorkloadSpec;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/manifest.md} is true: all settings are in it, and its examples do what it says. */
class GuideTest {
    private static final Path GUIDE = Path.of("../../docs/manifest.md");
    private static final Map<String, String> OTHERWISE =
            Map.of(
                    "streams",
                    """
                      streams:
                        - name: events
                          fields: {at: {type: timestamp}, user: {type: string}, page: {type: string}, amount: {type: number},
                                   kind: {type: string, enum: [view, buy]}, bytes: {type: integer}}
                    """);

    static Stream<Arguments> sections() {
        Map<String, Class<?>> sections = new LinkedHashMap<>();
        sections.put("spec", PipelineSpec.class);
        sections.put("streams", StreamSpec.class);
        sections.put("fields", FieldSpec.class);
        sections.put("items", ItemFieldSpec.class);
        sections.put("topic", TopicSpec.class);
        sections.put("generator", GeneratorSpec.class);
        sections.put("actor", GeneratorSpec.ActorSpec.class);
        sections.put("session", GeneratorSpec.SessionSpec.class);
        sections.put("steps", GeneratorSpec.StepSpec.class);
        sections.put("path", GeneratorSpec.PathSpec.class);
        sections.put("streets", GeneratorSpec.StreetsSpec.class);
        sections.put("values of a field", GeneratorSpec.ValueSpec.class);
        sections.put("join", JoinSpec.class);
        sections.put("tables", TableSpec.class);
        sections.put("cdc", TableSpec.CdcSpec.class);
        sections.put("metrics", MetricSpec.class);
        sections.put("views", ViewSpec.class);
        sections.put("audit", AuditSpec.class);
        sections.put("history", HistorySpec.class);
        sections.put("sinks", SinkSpec.class);
        sections.put("influxdb", SinkSpec.InfluxdbSpec.class);
        sections.put("stats", StatsSpec.class);
        sections.put("dashboard", DashboardSpec.class);
        sections.put("panels", DashboardSpec.PanelSpec.class);
        sections.put("kafka", KafkaSpec.class);
        sections.put("external Kafka", KafkaSpec.ExternalKafka.class);
        sections.put("redis", RedisSpec.class);
        sections.put("external Redis", RedisSpec.ExternalRedis.class);
        sections.put("mongo", MongoSpec.class);
        sections.put("external MongoDB", MongoSpec.ExternalMongo.class);
        sections.put("connect", ConnectSpec.class);
        sections.put("build of an image", ConnectSpec.BuildSpec.class);
        sections.put("storage", StorageSpec.class);
        sections.put("resources", ResourcesSpec.class);
        sections.put("workloads", WorkloadSpec.class);
        sections.put("autoscaling", AutoscalingSpec.class);
        sections.put("api", ApiSpec.class);
        sections.put("ingress", IngressSpec.class);
        sections.put("route", RouteSpec.class);
        sections.put("monitoring", MonitoringSpec.class);
        sections.put("network policy", NetworkPolicySpec.class);
        return sections.entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sections")
    void everySettingIsListedWithItsDefaultAndBound(String heading, Class<?> type)
            throws IOException {
        Map<String, String> rows = settings(section(heading));
        assertThat(rows.keySet())
                .containsExactlyElementsOf(
                        Arrays.stream(type.getRecordComponents()).map(GuideTest::name).toList());
        for (RecordComponent component : type.getRecordComponents()) {
            String row = rows.get(name(component));
            Default filledIn = component.getAccessor().getAnnotation(Default.class);
            if (filledIn != null) {
                assertThat(row).contains("`" + filledIn.value() + "`");
            }
            Max most = component.getAccessor().getAnnotation(Max.class);
            if (most != null) {
                assertThat(row).contains(" to " + (long) most.value());
            }
        }
    }

    private static String name(RecordComponent component) {
        JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
        return property == null ? component.getName() : property.value();
    }

    private static String section(String heading) throws IOException {
        String[] parts = Files.readString(GUIDE).split("\n#+ " + Pattern.quote(heading) + "\n");
        assertThat(parts).as("sections called %s", heading).hasSize(2);
        return parts[1].split("\n#+ ")[0];
    }

    private static Map<String, String> settings(String section) {
        Map<String, String> rows = new LinkedHashMap<>();
        String table = section.substring(section.indexOf("| Setting |")).split("\n\n")[0];
        Pattern.compile("^\\| `([A-Za-z]+)` \\|.*$", Pattern.MULTILINE)
                .matcher(table)
                .results()
                .forEach(row -> rows.put(row.group(1), row.group()));
        return rows;
    }

    private static List<String> blocks(String kind) throws IOException {
        return Pattern.compile("^```" + kind + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(GUIDE))
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    static List<String> examples() throws IOException {
        return blocks("yaml");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void exampleCompiles(String example) {
        assertThat(ManifestReader.parse("example", whole(example)).streams()).isNotEmpty();
    }

    /** An example with what it leaves out. */
    private static String whole(String example) {
        if (example.startsWith("apiVersion")) {
            return example;
        }
        return "apiVersion: millrace.dev/v1alpha1\nkind: AnalyticsPipeline\nmetadata: {name: example}\nspec:\n"
                + example.lines().map(line -> "  " + line + "\n").collect(Collectors.joining())
                + OTHERWISE.entrySet().stream()
                        .filter(part -> !("\n" + example).contains("\n" + part.getKey() + ":"))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.joining());
    }

    @Test
    void theWrongExampleIsRefusedAsItSays() throws IOException {
        String wrong = blocks("yaml wrong").getFirst();
        InvalidPipelineException refusal =
                catchThrowableOfType(
                        InvalidPipelineException.class, () -> ManifestReader.parse("wrong", wrong));
        assertThat(refusal.getMessage().lines().collect(Collectors.joining("\n")) + "\n")
                .isEqualTo(blocks("text").getFirst());
    }

    @Test
    void everyConditionThatIsShownCompiles() throws IOException {
        String fields =
                """
                streams:
                  - name: events
                    fields: {kind: {type: string}, amount: {type: number}, page: {type: string}, address.city: {type: string, optional: true},
                             extra: {type: object}, tags: {type: array}, referrer: {type: string, optional: true}, at: {type: timestamp}}
                metrics:
                """;
        List<String> conditions =
                Pattern.compile("`([^`]+)`")
                        .matcher(
                                section("where")
                                        .lines()
                                        .filter(
                                                line ->
                                                        line.startsWith("| ")
                                                                && !line.contains("---"))
                                        .map(line -> line.split(" \\| ")[1])
                                        .collect(Collectors.joining("\n")))
                        .results()
                        .map(match -> match.group(1))
                        .filter(text -> text.contains("(") || text.contains(" "))
                        .toList();
        assertThat(conditions).hasSizeGreaterThan(12);
        for (int i = 0; i < conditions.size(); i++) {
            String metric =
                    "  - {name: m%d, measure: count, window: 5m, where: '%s'}\n"
                            .formatted(i, conditions.get(i));
            assertThat(ManifestReader.parse("shown", whole(fields + metric)).metrics())
                    .as(conditions.get(i))
                    .hasSize(1);
        }
    }
}
