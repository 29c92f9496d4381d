package dev.millrace.pipeline.plan;

import static dev.millrace.pipeline.plan.Read.list;

import dev.millrace.pipeline.resource.AuditSpec;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.resource.DashboardSpec.Live;
import dev.millrace.pipeline.resource.DashboardSpec.PanelSpec;
import dev.millrace.pipeline.resource.DashboardSpec.Through;
import dev.millrace.pipeline.resource.HistorySpec;
import dev.millrace.pipeline.resource.PipelineSpec;
import dev.millrace.pipeline.resource.SinkSpec;
import dev.millrace.pipeline.resource.StreamSpec;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes the plan of a pipeline from its resource, or finds everything that is wrong with it. */
public final class PlanCompiler {
    private static final Pattern PIPELINE_NAME = Pattern.compile("[a-z]([a-z0-9-]{0,38}[a-z0-9])?");

    private static final int MOST_SINKS = 10;

    private final String name;
    private final PipelineSpec spec;
    private final Problems problems;
    private final Read read;

    private PlanCompiler(String name, PipelineSpec spec, Problems problems) {
        this.name = name;
        this.spec = spec;
        this.problems = problems;
        this.read = new Read(problems);
    }

    /**
     * Compiles a pipeline.
     *
     * @param name {@code metadata.name}
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static Plan compile(String name, PipelineSpec spec) {
        return compile(name, spec, new Problems());
    }

    /**
     * Compiles a pipeline of which some problems are known already.
     *
     * @throws InvalidPipelineException with everything that is wrong
     */
    public static Plan compile(String name, PipelineSpec spec, Problems problems) {
        return new PlanCompiler(name, spec, problems).compile();
    }

    private Plan compile() {
        if (name == null) {
            problems.add(
                    "metadata.name", "is missing; give the pipeline a name such as clickstream");
        } else if (!PIPELINE_NAME.matcher(name).matches()) {
            problems.add(
                    "metadata.name",
                    "\""
                            + name
                            + "\" cannot be a pipeline's name; use lower-case letters, digits and '-',"
                            + " beginning with a letter, at most 40 characters");
        }
        if (spec == null) {
            problems.add("spec", "is missing; declare at least spec.streams");
            problems.throwIfAny();
        }
        Clock clock = spec.clock() == null ? Clock.wall : spec.clock();
        Map<String, TablePlan> tables = new TableCompiler(read, name).compile(list(spec.tables()));
        Map<String, StreamPlan> streams =
                new StreamCompiler(read, name, tables).compile(list(spec.streams()));
        if (clock == Clock.event) {
            checkTimes(streams);
        }
        Map<String, MetricPlan> metrics =
                new MetricCompiler(read, streams).compile(list(spec.metrics()));
        List<ViewPlan> views = new ViewCompiler(problems, metrics).compile(list(spec.views()));
        AuditPlan audit =
                audit(
                        spec.audit() == null
                                ? new AuditSpec(null, null, null, null, null, null, null, null)
                                : spec.audit());
        HistoryPlan history =
                history(
                        spec.history() == null
                                ? new HistorySpec(null, null, null, null, null)
                                : spec.history());
        List<SinkPlan> sinks = sinks(metrics);
        StatsCompiler numbers = new StatsCompiler(read, metrics);
        StatsPlan stats = numbers.compile(spec.stats());
        Through through =
                spec.dashboard() == null || spec.dashboard().through() == null
                        ? Through.snapshot
                        : spec.dashboard().through();
        if (through == Through.stats) {
            numbers.checkPage(stats);
        }
        MonitoringPlan monitoring =
                new MonitoringPlan(
                        read.number(
                                "spec.monitoring.groups",
                                spec.monitoring() == null ? null : spec.monitoring().groups(),
                                10,
                                0,
                                1_000));
        List<PanelPlan> panels = panels(metrics);
        servers();
        problems.throwIfAny();
        String title =
                spec.dashboard() != null && spec.dashboard().title() != null
                        ? spec.dashboard().title()
                        : name;
        return new Plan(
                name,
                title,
                spec.dashboard() == null || spec.dashboard().live() == null
                        ? Live.sse
                        : spec.dashboard().live(),
                through,
                clock,
                List.copyOf(streams.values()),
                List.copyOf(tables.values()),
                List.copyOf(metrics.values()),
                views,
                audit,
                history,
                sinks,
                stats,
                monitoring,
                panels,
                Fingerprint.of(clock, streams.values(), metrics.values()));
    }

    /**
     * An event without its time would count as one of now, and would so move a replay's clock to
     * today: everything after it would be late.
     */
    private void checkTimes(Map<String, StreamPlan> streams) {
        for (int i = 0; i < list(spec.streams()).size(); i++) {
            StreamSpec stream = spec.streams().get(i);
            StreamPlan plan = stream == null ? null : streams.get(stream.name());
            if (plan != null && plan.isSource() && plan.time() != null && !plan.time().required()) {
                problems.add(
                        "spec.streams[" + i + "].time",
                        "\""
                                + plan.time().name()
                                + "\" is optional, and with clock: event every event needs its time; make it required");
            }
        }
    }

    private void servers() {
        if (spec.kafka() != null && spec.kafka().external() != null) {
            given(
                    "spec.kafka.external.bootstrapServers",
                    spec.kafka().external().bootstrapServers());
        }
        if (spec.redis() != null && spec.redis().external() != null) {
            given("spec.redis.external.uriSecretRef", spec.redis().external().uriSecretRef());
        }
        if (spec.mongo() != null && spec.mongo().external() != null) {
            given("spec.mongo.external.uriSecretRef", spec.mongo().external().uriSecretRef());
        }
        if (spec.schemaRegistry() != null && spec.schemaRegistry().external() != null) {
            String url = spec.schemaRegistry().external().url();
            if (url == null || !url.matches("https?://[^\\s/?#]+[^\\s?#]*")) {
                problems.add(
                        "spec.schemaRegistry.external.url",
                        (url == null ? "is missing" : "\"" + url + "\" is no address")
                                + "; write http://HOST:PORT/PATH of a registry with Confluent's API");
            }
        }
    }

    private void given(String path, String text) {
        if (text == null || text.isBlank()) {
            problems.add(
                    path,
                    path.endsWith("Ref")
                            ? "is missing; name the Secret whose \"uri\" is the address"
                            : "is missing; write HOST:PORT, several with commas between");
        }
    }

    private AuditPlan audit(AuditSpec audit) {
        return new AuditPlan(
                read.duration(
                        "spec.audit.flush",
                        audit.flush(),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(10)),
                read.number("spec.audit.batch", audit.batch(), 1_000, 1, 100_000),
                read.duration(
                        "spec.audit.retention",
                        audit.retention(),
                        null,
                        Duration.ofMinutes(1),
                        Duration.ofDays(10_000)));
    }

    private HistoryPlan history(HistorySpec history) {
        Duration day = Duration.ofDays(1);
        Duration most = Duration.ofDays(10_000);
        return new HistoryPlan(
                history.enabled() == null || history.enabled(),
                read.duration(
                        "spec.history.minutes",
                        history.minutes(),
                        Duration.ofDays(7),
                        Duration.ofHours(1),
                        most),
                read.duration(
                        "spec.history.hours", history.hours(), Duration.ofDays(90), day, most),
                read.duration("spec.history.days", history.days(), null, day, most),
                read.number("spec.history.groups", history.groups(), 1_000, 1, 10_000));
    }

    private List<SinkPlan> sinks(Map<String, MetricPlan> metrics) {
        List<SinkSpec> listed = list(spec.sinks());
        if (listed.size() > MOST_SINKS) {
            problems.add(
                    "spec.sinks", listed.size() + " are too many; write at most " + MOST_SINKS);
        }
        return new SinkCompiler(problems, metrics).compile(listed);
    }

    private List<PanelPlan> panels(Map<String, MetricPlan> metrics) {
        List<PanelPlan> panels = new ArrayList<>();
        List<PanelSpec> listed = spec.dashboard() == null ? null : spec.dashboard().panels();
        if (listed == null) {
            metrics.values()
                    .forEach(
                            metric ->
                                    panels.add(
                                            new PanelPlan(
                                                    metric.name(),
                                                    metric.title(),
                                                    metric.windows().getFirst())));
            return List.copyOf(panels);
        }
        for (int i = 0; i < listed.size(); i++) {
            PanelSpec panel = listed.get(i);
            if (panel == null) {
                continue;
            }
            String path = "spec.dashboard.panels[" + i + "]";
            MetricPlan metric = panel.metric() == null ? null : metrics.get(panel.metric());
            if (panel.metric() == null) {
                problems.add(path + ".metric", "is missing; name the metric to show");
            } else if (metric == null) {
                problems.unknown(path + ".metric", "metric", panel.metric(), metrics.keySet());
            } else {
                Window window =
                        panel.window() == null
                                ? metric.windows().getFirst()
                                : metric.window(panel.window()).orElse(null);
                if (window == null) {
                    problems.unknown(
                            path + ".window",
                            "window",
                            panel.window(),
                            metric.windows().stream().map(Window::text).toList());
                }
                panels.add(
                        new PanelPlan(
                                metric.name(),
                                panel.title() == null ? metric.title() : panel.title(),
                                window));
            }
        }
        return List.copyOf(panels);
    }
}
