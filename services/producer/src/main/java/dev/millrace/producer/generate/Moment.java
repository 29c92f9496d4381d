package dev.millrace.producer.generate;

/** Who acts when: what the values of one event have in common. Filled anew for each event. */
final class Moment {
    /** Now, in milliseconds since 1970. */
    long millis;

    /** Number of the actor, from 0. */
    int actor;

    /** The actor's name. */
    Text actorName;

    /** The session's name. */
    Text sessionName;

    /** The step that the session is in; {@code null} where there are none. */
    Steps.Step step;

    /** When that step began, in milliseconds since 1970. */
    long since;

    /** Where the session is, in degrees. */
    double longitude;

    double latitude;

    /** What the values that only some steps draw were drawn from last, in this session. */
    long[] kept = {};

    /** A number for the value of each field that others belong to, by the field's index. */
    long[] made = {};
}
