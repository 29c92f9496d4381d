package dev.millrace.pipeline.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Collects every problem of a manifest, so that a person can mend all of them at once. */
public final class Problems {
    private final List<Problem> found = new ArrayList<>();
    private final Set<String> unusable = new HashSet<>();
    private final Set<String> unreadable = new HashSet<>();
    private int noted;

    /**
     * Notes that something is wrong at a path. Silent about what could not be read at all, and
     * about what lies below it: that was noted.
     */
    public void add(String path, String message) {
        noted++;
        Problem problem = new Problem(path, message);
        if (!isUnreadable(path) && !found.contains(problem)) {
            found.add(problem);
        }
    }

    /** Notes that what is at a path could not be read, so that nothing can be said of it. */
    public void unreadable(String path, String message) {
        add(path, message);
        unreadable.add(path);
    }

    private boolean isUnreadable(String path) {
        for (int end = path.length(); end > 0; end = cut(path, end)) {
            if (unreadable.contains(path.substring(0, end))) {
                return true;
            }
        }
        return false;
    }

    private static int cut(String path, int end) {
        return Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
    }

    /**
     * Notes a name that nothing has, with the nearest one that exists. Silent about a name that is
     * declared but wrong in itself: that was noted, and mending it mends this.
     */
    public void unknown(String path, String what, String name, Iterable<String> known) {
        noted++;
        if (!isUnusable(what, name)) {
            add(path, "no " + what + " \"" + name + "\"" + Suggestion.of(name, known));
        }
    }

    /** Notes that a name is declared, but in a way that was noted as a problem. */
    void unusable(String what, String name) {
        unusable.add(what + " " + name);
    }

    /** Whether a name is declared, but in a way that was noted as a problem. */
    boolean isUnusable(String what, String name) {
        return unusable.contains(what + " " + name);
    }

    /** Whether a thing of this kind is declared, but in a way that was noted as a problem. */
    boolean anyUnusable(String what) {
        return unusable.stream().anyMatch(name -> name.startsWith(what + " "));
    }

    /** Whether anything is wrong with a part of what is at a path. */
    boolean isAnyBelow(String path) {
        return found.stream().anyMatch(problem -> problem.path().startsWith(path + "."));
    }

    /** A number that grows with every problem, also with those that were told already. */
    int noted() {
        return noted;
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
