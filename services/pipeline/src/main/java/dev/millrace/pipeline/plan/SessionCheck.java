package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.FieldType;
import dev.millrace.pipeline.resource.GeneratorSpec.PathSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.SessionSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.StepSpec;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Checks what the sessions of synthetic events go through. */
record SessionCheck(Read read, String path, SessionSpec spec, Schema schema) {
    private static final int MOST_STEPS = 100;
    private static final double MOST_WEIGHT = 1e9;
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    /** The names of the steps; empty where there are none. */
    static List<String> names(SessionSpec spec) {
        return spec == null
                ? List.of()
                : Read.list(spec.steps()).stream()
                        .filter(Objects::nonNull)
                        .map(StepSpec::name)
                        .filter(Objects::nonNull)
                        .toList();
    }

    /** The setting that makes a field; {@code null}: none does. */
    static String maker(SessionSpec spec, String field) {
        if (spec == null) {
            return null;
        } else if (field.equals(spec.state())) {
            return "state";
        } else if (field.equals(spec.since())) {
            return "since";
        } else if (spec.path() == null) {
            return null;
        } else if (field.equals(spec.path().longitude())) {
            return "path.longitude";
        }
        return field.equals(spec.path().latitude()) ? "path.latitude" : null;
    }

    void check() {
        field(".field", spec.field(), FieldType.string);
        read.number(path + ".length", spec.length(), 12, 1, 100_000);
        read.duration(path + ".pause", spec.pause(), null, LEAST, Duration.ofDays(1));
        if (spec.format() != null && !spec.format().contains("{n}")) {
            problem(
                    ".format",
                    "\""
                            + spec.format()
                            + "\" has no {n}; write it where the number goes, such as visit-{n}");
        }
        if (spec.steps() == null) {
            needsSteps(".state", spec.state());
            needsSteps(".since", spec.since());
            needsSteps(".path", spec.path());
            return;
        }
        FieldPlan state =
                spec.state() == null ? null : field(".state", spec.state(), FieldType.string);
        if (spec.since() != null) {
            field(".since", spec.since(), FieldType.timestamp);
        }
        if (spec.steps().isEmpty()) {
            problem(".steps", "is empty; list at least one step");
        } else if (spec.steps().size() > MOST_STEPS) {
            problem(".steps", "has " + spec.steps().size() + " steps; at most 100 are possible");
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < spec.steps().size(); i++) {
            String at = ".steps[" + i + "]";
            if (spec.steps().get(i) == null) {
                problem(at, "is empty; write a step with a name");
                continue;
            }
            step(at, spec.steps().get(i), i == spec.steps().size() - 1, state, seen);
        }
        if (spec.path() != null) {
            path(spec.path());
        }
    }

    private void step(String at, StepSpec step, boolean isLast, FieldPlan state, Set<String> seen) {
        if (step.name() == null) {
            problem(at + ".name", "is missing; write what the field of the state is to hold");
        } else if (!seen.add(step.name())) {
            problem(at + ".name", "\"" + step.name() + "\" is there twice; names are unique");
        } else if (state != null
                && !state.allowed().isEmpty()
                && !state.allowed().contains(step.name())) {
            read.problems().unknown(path + at + ".name", "value", step.name(), state.allowed());
        }
        boolean moves = Boolean.TRUE.equals(step.moves());
        if (moves && spec.path() == null) {
            problem(at + ".moves", "needs a path; declare session.path");
        }
        boolean ends = next(at, step, isLast);
        if (step.lasts() != null) {
            lasts(at + ".lasts", step.lasts());
        } else if (!moves && !ends) {
            problem(at + ".lasts", "is missing; write how long the step lasts, such as 2m..6m");
        } else if (!moves && step.every() != null) {
            problem(at + ".lasts", "is missing, and every needs it; write such as 2m..6m");
        }
        read.duration(
                path + at + ".every",
                step.every(),
                null,
                Duration.ofMillis(10),
                Duration.ofDays(1));
    }

    /** Whether nothing can follow the step. */
    private boolean next(String at, StepSpec step, boolean isLast) {
        Map<String, Double> next = Read.map(step.next());
        List<String> names = names(spec);
        next.forEach(
                (name, weight) -> {
                    if (!names.contains(name)) {
                        read.problems().unknown(path + at + ".next." + name, "step", name, names);
                    }
                    weight(at + ".next." + name, weight);
                });
        if (step.end() != null) {
            weight(at + ".end", step.end());
        }
        boolean goesOn = next.values().stream().anyMatch(weight -> weight != null && weight > 0);
        boolean mayEnd = step.end() != null && step.end() > 0;
        if ((step.next() != null || step.end() != null) && !goesOn && !mayEnd) {
            problem(
                    at + (step.next() == null ? ".end" : ".next"),
                    "has no weight above 0; write step: weight, or end: 1");
        }
        return step.next() == null && step.end() == null ? isLast : !goesOn;
    }

    private void weight(String at, Double weight) {
        if (weight == null || !(weight >= 0 && weight <= MOST_WEIGHT)) {
            problem(
                    at,
                    (weight == null ? "is empty" : weight + " is out of bounds")
                            + "; write 0 to 1000000000");
        }
    }

    private void lasts(String at, String text) {
        String[] parts = text.split("\\.\\.", -1);
        Optional<Duration> least = DurationText.parse(parts[0]);
        Optional<Duration> greatest = DurationText.parse(parts[parts.length - 1]);
        if (parts.length > 2 || least.isEmpty() || greatest.isEmpty()) {
            problem(at, "\"" + text + "\" is no duration or range; write such as 30s, or 2m..6m");
        } else if (greatest.get().compareTo(LONGEST) > 0 || least.get().compareTo(LONGEST) > 0) {
            problem(at, text + " is out of bounds; write 1ms to 30d");
        } else if (least.get().compareTo(greatest.get()) > 0) {
            problem(at, "begins with the longer time; write " + parts[1] + ".." + parts[0]);
        }
    }

    private void path(PathSpec way) {
        FieldPlan longitude = field(".path.longitude", way.longitude(), FieldType.number);
        field(".path.latitude", way.latitude(), FieldType.number);
        if (longitude != null && way.longitude().equals(way.latitude())) {
            problem(".path.latitude", "is the field of the longitude; name another one");
        }
        if (spec.steps().stream()
                .filter(Objects::nonNull)
                .noneMatch(step -> Boolean.TRUE.equals(step.moves()))) {
            problem(".path", "is not used; write moves: true in the steps that move");
        }
        if ((way.streets() == null) == (way.points() == null)) {
            problem(
                    ".path",
                    "needs exactly one of streets and points; it has "
                            + (way.streets() == null ? "none" : "both"));
        }
        new StreetsCheck(read, path + ".path", way).check();
    }

    private void needsSteps(String at, Object setting) {
        if (setting != null) {
            problem(at, "needs steps; list them in session.steps");
        }
    }

    private FieldPlan field(String at, String name, FieldType type) {
        return new FieldOfType(read, schema).check(path + at, name, type);
    }

    private void problem(String at, String message) {
        read.problems().add(path + at, message);
    }
}
