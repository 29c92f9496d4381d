package dev.millrace.audit.recount;

/** What a recount has taken of its limits. For one thread. */
final class Spent {
    private final RecountLimits limits;
    private long records;
    private long entries;

    Spent(RecountLimits limits) {
        this.limits = limits;
    }

    /** One more document. */
    void record() throws TooMuchException {
        if (++records > limits.records()) {
            throw new TooMuchException("there are more than " + limits.records() + " of them");
        }
        if (System.nanoTime() - limits.deadline() > 0) {
            throw new TooMuchException("reading them takes too long");
        }
    }

    /** More numbers and values in memory, or less. */
    void entries(long more) throws TooMuchException {
        entries += more;
        if (entries > limits.entries()) {
            throw new TooMuchException(
                    "they have more than "
                            + limits.entries()
                            + " groups and different values together");
        }
    }
}
