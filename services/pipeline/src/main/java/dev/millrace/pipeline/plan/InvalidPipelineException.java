package dev.millrace.pipeline.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A manifest that cannot run, with everything that is wrong with it. */
public final class InvalidPipelineException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    /** An exception with at least one problem. */
    public InvalidPipelineException(List<Problem> problems) {
        super(
                problems.stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining(System.lineSeparator())));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong; never empty. */
    public List<Problem> problems() {
        return problems;
    }
}
