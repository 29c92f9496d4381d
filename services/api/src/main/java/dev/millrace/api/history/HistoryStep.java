package dev.millrace.api.history;

import dev.millrace.pipeline.plan.Granularity;

import java.util.List;
import java.util.Optional;

/** How requests and answers name the sizes of buckets. */
final class HistoryStep {
    /** The steps that there are, shortest first. */
    static final List<Granularity> ALL =
            List.of(Granularity.MINUTE, Granularity.HOUR, Granularity.DAY);

    private HistoryStep() {}

    static String name(Granularity granularity) {
        return switch (granularity) {
            case MINUTE -> "minute";
            case HOUR -> "hour";
            case DAY -> "day";
            case ALL -> "all";
        };
    }

    static Optional<Granularity> of(String name) {
        return ALL.stream().filter(step -> name(step).equals(name)).findFirst();
    }
}
