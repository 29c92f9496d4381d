package dev.millrace.processor.counting;

/** A sum, and how many numbers it is of. For one thread. */
public final class Mean {
    private final Amount sum = new Amount();
    private long count;

    void add(long number) {
        sum.add(number);
        count++;
    }

    /** What was added up. */
    public long sum() {
        return sum.value();
    }

    /** Of how many numbers. */
    public long count() {
        return count;
    }
}
