package dev.millrace.api.history;

import dev.millrace.pipeline.plan.Derivation;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a metric's numbers mean, as a short text: another definition begins another history. Its
 * windows, title and unit do not enter it, for a minute is a minute in any window; nor do fields of
 * the stream that it does not use.
 */
final class Definition {
    private static final int BYTES = 6;

    private Definition() {}

    static String of(MeasurePlan metric, Plan plan) {
        StreamPlan stream = plan.stream(metric.stream()).orElseThrow();
        StringBuilder text = new StringBuilder();
        part(text, plan.clock());
        part(text, stream.topic().name());
        part(text, name(stream.time()));
        derivation(text, stream.derivation());
        part(text, metric.measure());
        part(text, name(metric.of()));
        part(text, metric.of() == null ? "-" : metric.of().type());
        if (metric.isApproximate()) {
            part(text, "approximate");
        }
        metric.by().forEach(field -> part(text, name(field)));
        part(text, metric.where() == null ? "-" : metric.where().source());
        part(text, metric.items() == null ? "-" : metric.items().array().name());
        return hash(text.toString(), BYTES);
    }

    private static void derivation(StringBuilder text, Derivation derivation) {
        if (derivation == null) {
            return;
        }
        part(text, derivation.from());
        part(text, name(derivation.exploded()));
        derivation.joins().forEach(join -> part(text, List.of(join.table(), name(join.key()))));
        derivation
                .computed()
                .forEach(field -> part(text, List.of(field.field().name(), field.source())));
    }

    /** With its length in front, so that no two different lists of parts make the same text. */
    private static void part(StringBuilder text, Object value) {
        String part = String.valueOf(value);
        text.append(part.length()).append(':').append(part);
    }

    private static String name(FieldPlan field) {
        return field == null ? "-" : field.name();
    }

    /** The first bytes of a text's hash, in hexadecimal digits. */
    static String hash(String text, int bytes) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
