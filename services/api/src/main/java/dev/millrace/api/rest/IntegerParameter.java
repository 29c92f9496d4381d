package dev.millrace.api.rest;

import dev.millrace.api.problem.ApiProblem;

/**
 * A whole number in a query.
 *
 * @param fallback its value when it is not given
 */
public record IntegerParameter(String name, long least, long most, long fallback) {

    /**
     * The number of a text.
     *
     * @param text {@code null} where it is not given
     * @throws ApiProblem 400 when it is no number within the bounds
     */
    public long parse(String text) {
        if (text == null) {
            return fallback;
        }
        try {
            long number = Long.parseLong(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException _) {
            // told below
        }
        throw ApiProblem.badParameter(
                name,
                text,
                most == Long.MAX_VALUE
                        ? "a whole number from %d on".formatted(least)
                        : "a whole number from %d to %d".formatted(least, most));
    }
}
