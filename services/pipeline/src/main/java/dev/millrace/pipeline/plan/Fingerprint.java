package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.Clock;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A short text that stays the same as long as counted numbers mean the same: titles, views and
 * limits do not enter it, nor does the order in which things are declared.
 */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Clock clock, Collection<StreamPlan> streams, Collection<MetricPlan> metrics) {
        // sorted, for the order of names, fields and windows means nothing
        StringBuilder text = new StringBuilder("1").append(part(clock));
        streams.stream()
                .sorted(Comparator.comparing(StreamPlan::name))
                .forEach(stream -> text.append(part(describe(stream))));
        metrics.stream()
                .filter(MeasurePlan.class::isInstance)
                .map(MeasurePlan.class::cast)
                .sorted(Comparator.comparing(MeasurePlan::name))
                .forEach(metric -> text.append(part(describe(metric))));
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String describe(StreamPlan stream) {
        return parts(
                stream.name(),
                stream.topic().name(),
                stream.format(),
                stream.lateness(),
                name(stream.time()),
                sorted(stream.schema().fields().stream().map(Fingerprint::describe)),
                describe(stream.derivation()));
    }

    private static String describe(Derivation derivation) {
        return derivation == null
                ? "-"
                : parts(
                        derivation.from(),
                        name(derivation.exploded()),
                        derivation.joins().stream().map(Fingerprint::describe).toList(),
                        derivation.computed().stream()
                                .map(computed -> parts(computed.field().name(), computed.source()))
                                .toList());
    }

    private static String describe(JoinPlan join) {
        return parts(
                join.table(),
                name(join.key()),
                join.missing(),
                sorted(
                        join.columns().stream()
                                .map(column -> parts(column.from().name(), column.to().name()))));
    }

    private static String describe(FieldPlan field) {
        return parts(
                field.name(),
                field.type(),
                field.required(),
                sorted(field.allowed().stream()),
                sorted(field.items().values().stream().map(Fingerprint::describe)));
    }

    private static String describe(MeasurePlan metric) {
        // what other measures have not adds nothing, so that they stay as they were
        return (metric.items() == null ? "" : part(metric.items().array().name()))
                + (metric.isApproximate() ? part("approximate") : "")
                + (metric.latest() == null ? "" : part(describe(metric.latest())))
                + base(metric);
    }

    private static String describe(LatestPlan latest) {
        return parts(
                name(latest.key()),
                name(latest.value()),
                name(latest.since()),
                name(latest.longitude()),
                name(latest.latitude()),
                latest.rows());
    }

    private static String base(MeasurePlan metric) {
        return parts(
                metric.name(),
                metric.stream(),
                metric.measure(),
                name(metric.of()),
                metric.by().stream().map(FieldPlan::name).toList(),
                metric.where(),
                sorted(metric.windows().stream().map(Window::text)));
    }

    private static List<String> sorted(Stream<String> texts) {
        return texts.sorted().toList();
    }

    private static String parts(Object... values) {
        return Arrays.stream(values).map(Fingerprint::part).collect(Collectors.joining());
    }

    /** With its length in front, so that no two different lists of parts make the same text. */
    private static String part(Object value) {
        String text = String.valueOf(value);
        return text.length() + ":" + text;
    }

    private static String name(FieldPlan field) {
        return field == null ? "-" : field.name();
    }
}
