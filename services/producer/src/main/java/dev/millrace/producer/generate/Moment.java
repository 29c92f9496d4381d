package dev.millrace.producer.generate;

/** Who acts when: what the values of one event have in common. Filled anew for each event. */
final class Moment {
    /** Now, in milliseconds since 1970. */
    long millis;

    /** Number of the actor, from 0. */
    int actor;

    /** The actor's name, as it is and as JSON. */
    byte[] actorName;

    byte[] actorJson;

    /** The session's name, as it is and as JSON. */
    byte[] sessionName;

    byte[] sessionJson;
}
