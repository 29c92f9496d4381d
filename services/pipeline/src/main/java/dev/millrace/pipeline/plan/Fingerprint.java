package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.Clock;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;

/**
 * A short text that stays the same as long as counted numbers mean the same: titles, views and
 * limits do not enter it.
 */
final class Fingerprint {
    private Fingerprint() {}

    static String of(Clock clock, Collection<StreamPlan> streams, Collection<MetricPlan> metrics) {
        StringBuilder text = new StringBuilder("1 ").append(clock).append('\n');
        for (StreamPlan stream : streams) {
            text.append(stream.name())
                    .append(' ')
                    .append(stream.topic().name())
                    .append(' ')
                    .append(stream.format());
            text.append(' ')
                    .append(stream.lateness())
                    .append(' ')
                    .append(name(stream.time()))
                    .append('\n');
            stream.schema().fields().forEach(field -> text.append(field).append('\n'));
            text.append(stream.from())
                    .append(stream.explode())
                    .append(stream.joins())
                    .append(stream.compute())
                    .append('\n');
        }
        for (MetricPlan metric : metrics) {
            if (metric instanceof MeasurePlan measure) {
                text.append(measure.name())
                        .append(' ')
                        .append(measure.stream())
                        .append(' ')
                        .append(measure.measure());
                text.append(' ').append(name(measure.of())).append(' ');
                measure.by().forEach(field -> text.append(field.name()).append(','));
                text.append(' ')
                        .append(measure.where())
                        .append(' ')
                        .append(measure.windows())
                        .append('\n');
            }
        }
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String name(FieldPlan field) {
        return field == null ? "-" : field.name();
    }
}
