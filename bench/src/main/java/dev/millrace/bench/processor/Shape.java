package dev.millrace.bench.processor;

/**
 * How various the events are.
 *
 * @param name in the table
 * @param users how many there are, each as active as the others
 * @param pages how many there are, each viewed as often as the others
 * @param events how many of them are counted by default
 */
public record Shape(String name, int users, int pages, long events) {
    /** Sessions of each user. */
    static final int SESSIONS = 4;

    /** Of few users and pages. */
    public static final Shape FEW = new Shape("A", 500, 50, 16_000_000);

    /** Of many. */
    public static final Shape MANY = new Shape("B", 100_000, 30_000, 2_000_000);

    @Override
    public String toString() {
        return "%s: %,d users, %,d pages, %,d sessions"
                .formatted(name, users, pages, users * SESSIONS);
    }
}
