package dev.millrace.api.history;

import dev.millrace.api.problem.ApiProblem;
import dev.millrace.pipeline.plan.FormulaPlan;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What time a request asks for, in whole steps.
 *
 * @param from inclusive, in milliseconds since 1970
 * @param to exclusive
 */
record HistoryRange(Granularity step, long from, long to) {
    /** How many points an answer may have: a week of minutes, and some. */
    static final int MOST = 11_000;

    /** More than so many points are not chosen unasked. */
    private static final int FEW = 400;

    private static final int DEFAULT_POINTS = 24;

    /**
     * Reads the parameters of a request.
     *
     * @param clock the pipeline's clock
     * @throws ApiProblem 400 naming the parameter that cannot be used, 404 where the metric has no
     *     history
     */
    static HistoryRange parse(
            MetricPlan metric, Plan plan, String from, String to, String step, long clock) {
        List<Granularity> steps = steps(metric, plan);
        if (steps.isEmpty()) {
            throw ApiProblem.noHistory(metric);
        }
        Granularity chosen = step == null ? null : step(step, metric, steps);
        Long begin = from == null ? null : time("from", from);
        Long end = to == null ? null : time("to", to);
        if (chosen == null) {
            chosen =
                    begin == null
                            ? preferred(steps)
                            : fitting(steps, (end == null ? clock : end) - begin);
        }
        long length = chosen.millis();
        long until = end == null ? chosen.start(clock) + length : roundUp(end, chosen);
        long since = begin == null ? until - DEFAULT_POINTS * length : chosen.start(begin);
        if (until <= since) {
            throw ApiProblem.badParameter(
                    end == null ? "from" : "to",
                    end == null ? from : to,
                    end == null
                            ? "a time before now, such as " + Instant.ofEpochMilli(clock - length)
                            : "a time after from, which is " + Instant.ofEpochMilli(since));
        }
        if ((until - since) / length > MOST) {
            throw ApiProblem.badParameter(
                    step == null ? "from" : "step",
                    step == null ? from : step,
                    "a %s, for this range has %d of them and an answer at most %d"
                            .formatted(
                                    chosen == Granularity.DAY
                                            ? "later time"
                                            : "longer step or a shorter range",
                                    (until - since) / length,
                                    MOST));
        }
        return new HistoryRange(chosen, since, until);
    }

    /** The steps that a metric's history has, shortest first. */
    static List<Granularity> steps(MetricPlan metric, Plan plan) {
        Stream<MeasurePlan> measures =
                switch (metric) {
                    case MeasurePlan measure -> Stream.of(measure);
                    case FormulaPlan formula ->
                            formula.formula().metrics().stream()
                                    .map(name -> (MeasurePlan) plan.metric(name).orElseThrow());
                };
        List<Optional<Granularity>> shortest =
                measures.map(
                                measure ->
                                        measure.measure() == Measure.latest
                                                ? Optional.<Granularity>empty()
                                                : measure.granularities().stream()
                                                        .filter(one -> one != Granularity.ALL)
                                                        .min(Comparator.naturalOrder()))
                        .toList();
        if (shortest.isEmpty() || shortest.stream().anyMatch(Optional::isEmpty)) {
            return List.of();
        }
        Granularity least =
                shortest.stream().map(Optional::get).max(Comparator.naturalOrder()).orElseThrow();
        return HistoryStep.ALL.stream().filter(step -> step.compareTo(least) >= 0).toList();
    }

    private static Granularity step(String text, MetricPlan metric, List<Granularity> steps) {
        List<String> names = steps.stream().map(HistoryStep::name).toList();
        return HistoryStep.of(text)
                .filter(steps::contains)
                .orElseThrow(
                        () ->
                                ApiProblem.badParameter(
                                        "step",
                                        text,
                                        (names.size() == 1
                                                        ? names.getFirst()
                                                        : String.join(
                                                                        ", ",
                                                                        names.subList(
                                                                                0,
                                                                                names.size() - 1))
                                                                + " or "
                                                                + names.getLast())
                                                + (HistoryStep.of(text).isPresent()
                                                        ? "; windows of the metric \"%s\" are made of nothing shorter, and one of up to %s would be"
                                                                .formatted(
                                                                        metric.name(),
                                                                        text.equals("minute")
                                                                                ? "2h"
                                                                                : "7d")
                                                        : "")));
    }

    private static Granularity preferred(List<Granularity> steps) {
        return steps.contains(Granularity.HOUR) ? Granularity.HOUR : steps.getFirst();
    }

    private static Granularity fitting(List<Granularity> steps, long length) {
        return steps.stream()
                .filter(step -> length / step.millis() <= FEW)
                .findFirst()
                .orElse(steps.getLast());
    }

    private static long roundUp(long time, Granularity step) {
        long start = step.start(time);
        return start == time ? time : start + step.millis();
    }

    /** A time in ISO-8601: with an offset, or in UTC, or the beginning of a day of UTC. */
    private static long time(String name, String text) {
        // a plus sign that was not encoded
        String given = text.strip().replace(' ', '+');
        try {
            if (given.length() <= 10) {
                return LocalDate.parse(given)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli();
            }
            boolean local = given.matches(".*T[0-9:.,]+");
            return bounded(
                    local
                            ? LocalDateTime.parse(given).toInstant(ZoneOffset.UTC)
                            : OffsetDateTime.parse(given).toInstant());
        } catch (DateTimeException | ArithmeticException _) {
            throw ApiProblem.badParameter(
                    name, text, "a time in ISO-8601, such as 2026-11-21T12:00:00Z or 2026-11-21");
        }
    }

    private static long bounded(Instant time) {
        return time.toEpochMilli();
    }

    int points() {
        return (int) ((to - from) / step.millis());
    }

    /** The buckets of a metric, oldest first. */
    List<Bucket> buckets(MeasurePlan metric) {
        List<Bucket> buckets = new ArrayList<>(points());
        for (long at = from; at < to; at += step.millis()) {
            buckets.add(new Bucket(metric, step, at));
        }
        return buckets;
    }

    /** As few buckets of a metric as make up all of it. */
    List<Bucket> fewest(MeasurePlan metric) {
        List<Bucket> buckets = new ArrayList<>();
        for (long at = from; at < to; ) {
            Granularity largest = step;
            for (Granularity larger : HistoryStep.ALL) {
                if (larger.compareTo(step) > 0
                        && larger.start(at) == at
                        && at + larger.millis() <= to) {
                    largest = larger;
                }
            }
            buckets.add(new Bucket(metric, largest, at));
            at += largest.millis();
        }
        return buckets;
    }
}
