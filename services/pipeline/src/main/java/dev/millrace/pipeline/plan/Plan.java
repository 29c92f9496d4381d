package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.resource.DashboardSpec.Live;
import dev.millrace.pipeline.resource.DashboardSpec.Through;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pipeline, checked and ready to run.
 *
 * @param name the resource's name
 * @param title the dashboard's heading
 * @param live how numbers reach the dashboard
 * @param through which way pushed numbers take to it
 * @param clock what "now" means
 * @param streams the events that flow; at least one
 * @param tables what is known about things
 * @param metrics what is counted
 * @param views answers of given shapes
 * @param audit how events are recorded
 * @param history what is kept of the past
 * @param sinks where numbers are also written to
 * @param stats which numbers are published in a topic; {@code null}: none are
 * @param monitoring what Prometheus gets of them
 * @param panels the dashboard's panels, in order
 * @param fingerprint changes when, and only when, counted numbers would mean something else
 */
public record Plan(
        String name,
        String title,
        Live live,
        Through through,
        Clock clock,
        List<StreamPlan> streams,
        List<TablePlan> tables,
        List<MetricPlan> metrics,
        List<ViewPlan> views,
        AuditPlan audit,
        HistoryPlan history,
        List<SinkPlan> sinks,
        StatsPlan stats,
        MonitoringPlan monitoring,
        List<PanelPlan> panels,
        String fingerprint) {

    /** The stream of a name. */
    public Optional<StreamPlan> stream(String name) {
        return streams.stream().filter(stream -> stream.name().equals(name)).findFirst();
    }

    /** The streams whose events come from outside. */
    public List<StreamPlan> sources() {
        return streams.stream().filter(StreamPlan::isSource).toList();
    }

    /** The streams that are made from others. */
    public List<StreamPlan> derived() {
        return streams.stream().filter(stream -> !stream.isSource()).toList();
    }

    /**
     * The streams that are read to the end: the sources, whose events are all checked, and of the
     * derived ones those that metrics are counted from.
     */
    public List<StreamPlan> counted() {
        return streams.stream()
                .filter(stream -> stream.isSource() || !measures(stream).isEmpty())
                .toList();
    }

    /** Whether any stream or table is Avro, so that a schema registry is needed. */
    public boolean hasAvro() {
        return streams.stream().anyMatch(stream -> stream.format() == Format.avro)
                || tables.stream().anyMatch(TablePlan::isAvro);
    }

    /** The table of a name. */
    public Optional<TablePlan> table(String name) {
        return tables.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /** The metric of a name. */
    public Optional<MetricPlan> metric(String name) {
        return metrics.stream().filter(metric -> metric.name().equals(name)).findFirst();
    }

    /** The metrics that are counted from events. */
    public Stream<MeasurePlan> measures() {
        return metrics.stream().filter(MeasurePlan.class::isInstance).map(MeasurePlan.class::cast);
    }

    /** The metrics that are counted from the events of one stream. */
    public List<MeasurePlan> measures(StreamPlan stream) {
        return measures().filter(measure -> measure.stream().equals(stream.name())).toList();
    }

    /** The topic of events that failed validation. */
    public String deadLetterTopic() {
        return name + "-dead-letters";
    }

    /**
     * The topics of events by name, the dead letters' among them: kept as long as the longest
     * stream.
     */
    public Map<String, TopicPlan> topics() {
        Map<String, TopicPlan> topics = new LinkedHashMap<>();
        streams.forEach(stream -> topics.put(stream.topic().name(), stream.topic()));
        String deadLetters = deadLetterTopic();
        topics.putIfAbsent(
                deadLetters, new TopicPlan(deadLetters, false, 1, replicas(), retention()));
        return topics;
    }

    private int replicas() {
        return streams.stream().mapToInt(stream -> stream.topic().replicas()).max().orElse(1);
    }

    private Duration retention() {
        return streams.stream()
                .map(stream -> stream.topic().retention())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /** The topics of tables' rows, by name. */
    public Map<String, TopicPlan> tableTopics() {
        Map<String, TopicPlan> topics = new LinkedHashMap<>();
        tables.forEach(table -> topics.put(table.topic().name(), table.topic()));
        return topics;
    }

    /** The name of the topic of numbers for other consumers. */
    public String statsTopic() {
        return name + "-stats";
    }

    /** The topic of numbers by its name, of one partition; none where none are published. */
    public Map<String, TopicPlan> statsTopics() {
        return stats == null
                ? Map.of()
                : Map.of(
                        statsTopic(),
                        new TopicPlan(
                                statsTopic(),
                                false,
                                1,
                                replicas(),
                                Duration.ZERO,
                                TopicPlan.Content.NUMBERS));
    }
}
