package dev.millrace.audit.recount;

/**
 * How much a recount may take.
 *
 * @param records how many documents it may read
 * @param entries how many numbers and different values it may hold in memory, about
 * @param deadline when it has to end, on {@link System#nanoTime}'s clock
 */
public record RecountLimits(long records, long entries, long deadline) {
    /** Limits of time alone. */
    public static RecountLimits until(long deadline) {
        return new RecountLimits(Long.MAX_VALUE, Long.MAX_VALUE, deadline);
    }
}
