package dev.millrace.pipeline.resource;

/** Regular expressions that several parts of the CRD share. */
final class Patterns {
    /** A duration of one unit, such as {@code 30s} or {@code 7d}. */
    static final String DURATION = "^[1-9][0-9]{0,11}(ms|s|m|h|d)$";

    /** A duration, or a range of them, such as {@code 2m..6m}. */
    static final String DURATIONS =
            "^[1-9][0-9]{0,11}(ms|s|m|h|d)(\\.\\.[1-9][0-9]{0,11}(ms|s|m|h|d))?$";

    /** A speed, or a range of them, such as {@code 15..30}. */
    static final String SPEED = "^[0-9]{1,4}(\\.[0-9]{1,3})?(\\.\\.[0-9]{1,4}(\\.[0-9]{1,3})?)?$";

    /**
     * A window: a duration, the current minute, hour or day, or {@code all} for everything kept.
     */
    static final String WINDOW = "^(all|minute|hour|day|[1-9][0-9]{0,11}(m|h|d))$";

    /** The name of a stream or table. */
    static final String NAME = "^[a-z]([a-z0-9_-]{0,61}[a-z0-9])?$";

    /** An amount of storage, such as {@code 10Gi}. */
    static final String QUANTITY = "^[1-9][0-9]{0,9}(Mi|Gi|Ti|M|G|T)$";

    private Patterns() {}
}
