package dev.millrace.operator.proof;

import dev.millrace.operator.proof.Proof.Verdict;

import java.util.List;

/**
 * What was found when an API was asked once.
 *
 * @param proof what follows from it
 * @param differing the buckets that differ; none else
 * @param process which of the API's processes answered; {@code null} where none did
 */
record Finding(Proof proof, List<String> differing, String process) {
    static Finding proven(String process) {
        return new Finding(
                new Proof(
                        Verdict.PROVEN,
                        "Proven",
                        "Closed windows, counted again from the audit's records, are what Redis holds"),
                List.of(),
                process);
    }

    static Finding unknown(String reason, String message, String process) {
        return new Finding(new Proof(Verdict.UNKNOWN, reason, message), List.of(), process);
    }

    static Finding unreachable(String message) {
        return unknown("ApiUnreachable", message, null);
    }
}
