package dev.millrace.api.sink;

import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.history.Tally;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.SinkPlan;
import dev.millrace.pipeline.resource.SinkSpec.Precision;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.GroupKey;
import dev.millrace.pipeline.state.StoredNumber;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Points of a bucket, in InfluxDB's line protocol: one for each group, of which the measurement is
 * the metric's name, the tags are the group's values, and the time is when the bucket begins. So a
 * bucket that is written again replaces its points.
 *
 * <p>A field has one type in all points of a metric, as InfluxDB wants it: whole numbers where the
 * metric's numbers are whole by their declaration, and floating-point ones otherwise.
 */
final class LineProtocol {
    /** The group of all groups for which a bucket had no room. */
    static final String OTHER = "(other)";

    /** A value that is an empty text, which a tag cannot be. */
    static final String EMPTY = "(empty)";

    private static final int MILLIS = 1_000;

    /** What cannot be a tag's name beside our fields, or is InfluxDB's own. */
    private static final Set<String> RESERVED =
            Set.of(
                    "value",
                    "count",
                    "sum",
                    "min",
                    "p50",
                    "average",
                    "p75",
                    "p90",
                    "p95",
                    "p99",
                    "max",
                    "time",
                    "_time",
                    "_field",
                    "_measurement");

    private static final Pattern MARKED = Pattern.compile("\\(+(other|empty)\\)+");
    private static final Pattern ENCODED = Pattern.compile("%(?=25|5C|[01][0-9A-F]|7F)");

    private LineProtocol() {}

    /** A point of a metric. */
    record Line(String metric, String text) {}

    /** Hands over the points of a bucket. */
    static void points(SinkPlan sink, Bucket bucket, Rollup rollup, Consumer<Line> to) {
        MeasurePlan metric = bucket.metric();
        long time = sink.precision() == Precision.s ? bucket.start() / MILLIS : bucket.start();
        if (!metric.isGrouped()) {
            to.accept(line(metric, "", rollup.all(), time));
            return;
        }
        for (Map.Entry<String, Tally> group : rollup.groups().entrySet()) {
            List<String> values = new ArrayList<>();
            GroupKey.decode(group.getKey()).forEach(value -> values.add(value(value)));
            to.accept(line(metric, tags(metric, values), group.getValue(), time));
        }
        if (rollup.other() != null) {
            List<String> values = metric.by().stream().map(_ -> OTHER).toList();
            to.accept(line(metric, tags(metric, values), rollup.other(), time));
        }
    }

    private static Line line(MeasurePlan metric, String tags, Tally tally, long time) {
        return new Line(
                metric.name(),
                escape(metric.name(), false)
                        + tags
                        + " "
                        + fields(tally, metric.scale())
                        + " "
                        + time);
    }

    /** A value that is not there has no tag. */
    private static String tags(MeasurePlan metric, List<String> values) {
        StringBuilder tags = new StringBuilder();
        List<FieldPlan> by = metric.by();
        for (int i = 0; i < by.size() && i < values.size(); i++) {
            if (values.get(i) != null) {
                tags.append(',')
                        .append(escape(name(by.get(i).name()), true))
                        .append('=')
                        .append(escape(values.get(i), true));
            }
        }
        return tags.toString();
    }

    private static String name(String field) {
        return RESERVED.contains(field) ? "tag_" + field : field;
    }

    /** A text that stands for this value only. */
    private static String value(String value) {
        if (value == null) {
            return null;
        }
        if (value.isEmpty()) {
            return EMPTY;
        }
        return MARKED.matcher(value).matches() ? "(" + value + ")" : value;
    }

    /**
     * Servers differ in what a backslash means, and none takes a line's end: these are written as
     * in addresses, such as {@code %5C}.
     */
    private static String escape(String text, boolean tag) {
        StringBuilder escaped = new StringBuilder();
        String encoded = ENCODED.matcher(text).replaceAll("%25");
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c < ' ' || c == '\u007f' || c == '\\') {
                escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            } else if (c == ' ' || c == ',' || c == '=' && tag) {
                escaped.append('\\').append(c);
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String fields(Tally tally, int scale) {
        return switch (tally) {
            case Tally.Total total -> "value=" + number(total.number(), scale);
            case Tally.Extreme extreme -> "value=" + number(extreme.number(), scale);
            case Tally.Average average ->
                    "value="
                            + plain(StoredNumber.average(average.sum(), average.count(), scale))
                            + ",sum="
                            + number(average.sum(), scale)
                            + ",count="
                            + average.count()
                            + "i";
            case Tally.Estimate estimate -> "value=" + estimate.value(0).longValue() + "i";
            case Tally.Unique unique -> "value=" + unique.value(0).longValue() + "i";
            case Tally.Numbers numbers -> fields(numbers.numbers(), scale);
        };
    }

    private static String fields(Distribution numbers, int scale) {
        StringBuilder fields = new StringBuilder();
        fields.append("count=").append(numbers.count()).append('i');
        fields.append(",sum=").append(plain(BigDecimal.valueOf(numbers.sum(), scale)));
        fields.append(",min=").append(plain(BigDecimal.valueOf(numbers.min(), scale)));
        fields.append(",average=")
                .append(plain(StoredNumber.average(numbers.sum(), numbers.count(), scale)));
        for (int percent : new int[] {50, 75, 90, 95, 99}) {
            fields.append(",p")
                    .append(percent)
                    .append('=')
                    .append(plain(numbers.percentile(percent, scale)));
        }
        fields.append(",max=").append(plain(BigDecimal.valueOf(numbers.max(), scale)));
        return fields.toString();
    }

    private static String number(long stored, int scale) {
        return scale == 0 ? stored + "i" : plain(BigDecimal.valueOf(stored, scale));
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
