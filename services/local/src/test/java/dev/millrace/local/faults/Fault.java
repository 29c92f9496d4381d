package dev.millrace.local.faults;

/** What goes wrong, and how many times in a hundred of a long run. */
enum Fault {
    /** SIGKILL of a processor, and another one in its place. */
    KILL(34),
    /** A processor is held until Kafka has given its partitions away, and is let go again. */
    ZOMBIE(12),
    /** A further processor joins, and leaves by SIGTERM. */
    REBALANCE(12),
    /** The broker stops and starts. */
    BROKER_RESTART(6),
    /** Redis is held for some seconds. */
    REDIS_HELD(9),
    /** SIGKILL of Redis. */
    REDIS_KILL(8),
    /** SIGKILL of Redis, and the last second or more of its file is gone. */
    REDIS_LOSES_THE_LAST(8),
    /** Redis forgets everything. */
    REDIS_FLUSHED(6),
    /** The audit's store is away for some seconds. */
    MONGO_AWAY(5);

    private final int share;

    Fault(int share) {
        this.share = share;
    }

    int share() {
        return share;
    }
}
