package dev.millrace.operator.status;

/**
 * What was found of one part.
 *
 * @param isReady whether it does its work
 * @param reason one word, for programs
 * @param message what it waits for and what to do, for people
 */
public record Check(boolean isReady, String reason, String message) {
    /** It does its work. */
    static Check ready(String message) {
        return new Check(true, "Ready", message);
    }

    /** It does not. */
    static Check waiting(String reason, String message) {
        return new Check(false, reason, message);
    }
}
