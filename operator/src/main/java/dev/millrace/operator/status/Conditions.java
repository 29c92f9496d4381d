package dev.millrace.operator.status;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The conditions of a pipeline. One whose status stays keeps the time of its last transition, so
 * that a status in which nothing happened is the same as before and is not written again.
 */
public final class Conditions {
    /** True only where every part does its work. */
    public static final String READY = "Ready";

    /** Whether the manifest means something. */
    public static final String PLAN_VALID = "PlanValid";

    /** Whether the operator leaves the pipeline alone. */
    public static final String PAUSED = "ReconciliationPaused";

    private static final int LONGEST_MESSAGE = 32_768;

    private final Map<String, Condition> before = new LinkedHashMap<>();
    private final Map<String, Condition> now = new LinkedHashMap<>();
    private final long generation;
    private final Clock clock;

    /**
     * Conditions of a generation.
     *
     * @param before those that the status has; {@code null} for none
     */
    public Conditions(List<Condition> before, long generation, Clock clock) {
        if (before != null) {
            before.forEach(condition -> this.before.put(condition.getType(), condition));
        }
        this.generation = generation;
        this.clock = clock;
    }

    /** What was found of a part. */
    public Conditions put(String type, Check check) {
        return put(type, check.isReady() ? "True" : "False", check.reason(), check.message());
    }

    /**
     * A condition.
     *
     * @param status {@code True}, {@code False} or {@code Unknown}
     */
    public Conditions put(String type, String status, String reason, String message) {
        Condition old = before.get(type);
        boolean stays = old != null && status.equals(old.getStatus());
        now.put(
                type,
                new ConditionBuilder()
                        .withType(type)
                        .withStatus(status)
                        .withReason(reason)
                        .withMessage(
                                message.length() > LONGEST_MESSAGE
                                        ? message.substring(0, LONGEST_MESSAGE)
                                        : message)
                        .withObservedGeneration(generation)
                        .withLastTransitionTime(
                                stays
                                        ? old.getLastTransitionTime()
                                        : clock.instant()
                                                .truncatedTo(ChronoUnit.SECONDS)
                                                .toString())
                        .build());
        return this;
    }

    /** Keeps what the status says of a part, at the generation for which it was found. */
    public Conditions keep(String type) {
        if (before.containsKey(type)) {
            now.put(type, before.get(type));
        }
        return this;
    }

    /** Ready where every part is; else with what is not. */
    public Conditions putReady(List<String> parts) {
        List<Condition> waiting =
                parts.stream()
                        .map(now::get)
                        .filter(Objects::nonNull)
                        .filter(condition -> !"True".equals(condition.getStatus()))
                        .toList();
        if (waiting.isEmpty() && parts.stream().allMatch(now::containsKey)) {
            return put(READY, "True", "Ready", "Everything runs");
        }
        String reason = waiting.isEmpty() ? "Unknown" : waiting.getFirst().getReason();
        return put(
                READY,
                "False",
                reason,
                waiting.stream()
                        .map(condition -> condition.getType() + ": " + condition.getMessage())
                        .collect(Collectors.joining("; ")));
    }

    /** Those whose status is another than before. */
    public List<Condition> changed() {
        return now.values().stream()
                .filter(
                        condition -> {
                            Condition old = before.get(condition.getType());
                            return old == null || !old.getStatus().equals(condition.getStatus());
                        })
                .toList();
    }

    /** All of them, Ready first. */
    public List<Condition> list() {
        List<Condition> list = new ArrayList<>();
        if (now.containsKey(READY)) {
            list.add(now.get(READY));
        }
        now.values().stream()
                .filter(condition -> !READY.equals(condition.getType()))
                .forEach(list::add);
        return list;
    }
}
