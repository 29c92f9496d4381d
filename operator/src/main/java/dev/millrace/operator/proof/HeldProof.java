package dev.millrace.operator.proof;

import dev.millrace.operator.proof.Proof.Verdict;

import io.fabric8.kubernetes.api.model.Condition;

import java.time.Duration;
import java.time.Instant;

/**
 * What is told of a pipeline's numbers. It changes rarely: an API that restarts knows nothing for a
 * while, and of several each has compared other buckets. Worse news are told at once; that a bucket
 * is right again, when the process says so that found it.
 */
final class HeldProof {
    /** Without news for so long, nothing is known any more. */
    static final Duration TRUSTED = Duration.ofMinutes(15);

    /** The process that found a difference may be gone: the others would have found it by then. */
    static final Duration FEARED = Duration.ofHours(1);

    private Proof held;
    private Instant confirmed;
    private String process;

    /**
     * Begins with what a former operator told.
     *
     * @param before the condition; {@code null} where there is none
     */
    HeldProof(Condition before, Instant now) {
        held = before == null ? Proof.NOT_YET : told(before);
        confirmed = now;
    }

    private static Proof told(Condition condition) {
        Verdict verdict =
                switch (condition.getStatus()) {
                    case "True" -> Verdict.PROVEN;
                    case "False" -> Verdict.DIFFERENT;
                    default -> Verdict.UNKNOWN;
                };
        return new Proof(verdict, condition.getReason(), condition.getMessage());
    }

    synchronized Proof proof() {
        return held;
    }

    /** Takes what was found; answers whether another thing is told now. */
    synchronized boolean take(Finding found, Instant now) {
        boolean same = isSame(found);
        if (!same && !replaces(found, now)) {
            return false;
        }
        confirmed = now;
        process = found.process();
        if (!same) {
            held = found.proof();
        }
        return !same;
    }

    /** Whether it is what is told already, whatever its numbers. */
    private boolean isSame(Finding found) {
        if (found.proof().verdict() != held.verdict()) {
            return false;
        }
        return switch (held.verdict()) {
            case PROVEN -> true;
            case DIFFERENT ->
                    found.differing().stream()
                            .map(ProofAnswer::mark)
                            .anyMatch(held.message()::contains);
            case UNKNOWN ->
                    withoutNumbers(found.proof().message()).equals(withoutNumbers(held.message()));
        };
    }

    private boolean replaces(Finding found, Instant now) {
        return switch (held.verdict()) {
            case PROVEN ->
                    found.proof().verdict() == Verdict.DIFFERENT
                            || confirmed.plus(TRUSTED).isBefore(now);
            // of an API that does not answer nothing follows
            case DIFFERENT ->
                    found.process() != null
                            && (found.process().equals(process)
                                    || confirmed.plus(FEARED).isBefore(now));
            case UNKNOWN -> true;
        };
    }

    private static String withoutNumbers(String text) {
        return text.replaceAll("\\d+", "");
    }
}
