package dev.millrace.pipeline.plan;

import java.util.ArrayList;
import java.util.List;

/** Collects every problem of a manifest, so that a person can mend all of them at once. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    /** Notes that something is wrong at a path. */
    public void add(String path, String message) {
        found.add(new Problem(path, message));
    }

    /** Notes a name that nothing has, with the nearest one that exists. */
    public void unknown(String path, String what, String name, Iterable<String> known) {
        add(path, "no " + what + " \"" + name + "\"" + Suggestion.of(name, known));
    }

    /** Whether nothing is wrong so far. */
    public boolean isEmpty() {
        return found.isEmpty();
    }

    /** What was found so far, in the order of the manifest's parts. */
    public List<Problem> list() {
        return List.copyOf(found);
    }

    /**
     * Ends the compilation where anything is wrong.
     *
     * @throws InvalidPipelineException with all the problems
     */
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new InvalidPipelineException(found);
        }
    }
}
