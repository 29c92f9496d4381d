package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.Schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Writes events of a schema: the fields in their order, fields with dots in their names as objects
 * in objects. Optional fields are missing in one event of ten. For one thread.
 */
final class EventTemplate {
    private static final int MISSING_OF_1024 = 102;

    private final List<Part> parts = new ArrayList<>();
    private final List<Ahead> ahead;

    EventTemplate(Schema schema, Values values) {
        Map<String, Object> tree = new LinkedHashMap<>();
        schema.fields().forEach(field -> plant(tree, field));
        add(tree, values);
        this.ahead = values.ahead();
    }

    /** A piece of an event, in the order of writing. */
    private sealed interface Part {}

    private record Open(byte[] name) implements Part {}

    private record Leaf(FieldPlan field, byte[] name, Value value) implements Part {}

    private record Close() implements Part {}

    /** The start of a member: its name and a colon. */
    static byte[] name(String name) {
        return (new String(JsonText.string(name), StandardCharsets.UTF_8) + ':')
                .getBytes(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private static void plant(Map<String, Object> tree, FieldPlan field) {
        Map<String, Object> node = tree;
        for (String name : field.path().subList(0, field.path().size() - 1)) {
            node = (Map<String, Object>) node.computeIfAbsent(name, any -> new LinkedHashMap<>());
        }
        node.put(field.path().getLast(), field);
    }

    @SuppressWarnings("unchecked")
    private void add(Map<String, Object> tree, Values values) {
        tree.forEach(
                (name, node) -> {
                    if (node instanceof FieldPlan field) {
                        parts.add(new Leaf(field, name(name), values.of(field)));
                    } else {
                        parts.add(new Open(name(name)));
                        add((Map<String, Object>) node, values);
                        parts.add(new Close());
                    }
                });
    }

    /**
     * Writes one event.
     *
     * @param fault what is to be wrong with it; {@code null}: nothing
     * @param key the field that chooses the partition; may be null
     * @return the bytes of the key where they are known
     */
    byte[] write(
            JsonBuffer out, SplittableRandom random, Moment moment, Fault fault, FieldPlan key) {
        byte[] keyBytes = null;
        for (int i = 0; i < ahead.size(); i++) {
            ahead.get(i).prepare(random, moment);
        }
        out.clear();
        out.put((byte) '{');
        for (int i = 0; i < parts.size(); i++) {
            switch (parts.get(i)) {
                case Open open -> {
                    out.separate();
                    out.put(open.name());
                    out.put((byte) '{');
                }
                case Close close -> out.put((byte) '}');
                case Leaf leaf -> {
                    FieldPlan field = leaf.field();
                    byte[] instead = fault == null ? null : fault.instead(field);
                    boolean leftOut =
                            instead == null
                                    ? !field.required()
                                            && (random.nextInt() & 1023) < MISSING_OF_1024
                                    : instead.length == 0;
                    if (leftOut) {
                        continue;
                    }
                    out.separate();
                    out.put(leaf.name());
                    if (instead != null) {
                        out.put(instead);
                        continue;
                    }
                    leaf.value().write(out, random, moment);
                    if (field == key) {
                        keyBytes = leaf.value().keyBytes(moment);
                    }
                }
            }
        }
        out.put((byte) '}');
        return keyBytes;
    }
}
