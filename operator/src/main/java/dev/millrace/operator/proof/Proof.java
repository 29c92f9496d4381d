package dev.millrace.operator.proof;

/**
 * What is known of a pipeline's numbers.
 *
 * @param verdict whether they are proven
 * @param reason one word, for programs
 * @param message what was found and what to do, for people
 */
public record Proof(Verdict verdict, String reason, String message) {
    /** The condition that tells it. */
    public static final String CONDITION = "NumbersProven";

    /** Before anything is known. */
    static final Proof NOT_YET =
            new Proof(
                    Verdict.UNKNOWN,
                    "NotYetProven",
                    "No window has been counted again from the audit's records yet");

    /** Whether numbers are proven. */
    public enum Verdict {
        /** Every bucket that was compared lately is right. */
        PROVEN("True"),
        /** A bucket differs. */
        DIFFERENT("False"),
        /** Nothing was compared lately. */
        UNKNOWN("Unknown");

        private final String status;

        Verdict(String status) {
            this.status = status;
        }

        /** The status of the condition. */
        public String status() {
            return status;
        }
    }
}
