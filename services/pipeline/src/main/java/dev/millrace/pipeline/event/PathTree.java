package dev.millrace.pipeline.event;

import dev.millrace.pipeline.plan.FieldPlan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The declared fields by the names that lead to them, as a tree: {@code address.city} is {@code
 * city} below {@code address}.
 */
final class PathTree {
    private final FieldPlan field;
    private final Map<String, PathTree> children = new HashMap<>();

    private PathTree(FieldPlan field) {
        this.field = field;
    }

    static PathTree of(List<FieldPlan> fields) {
        PathTree root = new PathTree(null);
        for (FieldPlan declared : fields) {
            PathTree node = root;
            List<String> path = declared.path();
            for (String name : path.subList(0, path.size() - 1)) {
                node = node.children.computeIfAbsent(name, any -> new PathTree(null));
            }
            node.children.put(path.getLast(), new PathTree(declared));
        }
        return root;
    }

    /** The same, also below the names that Debezium's changes have around rows. */
    static PathTree ofChanges(List<FieldPlan> fields) {
        PathTree root = of(fields);
        PathTree rows = of(fields);
        PathTree payload = of(fields);
        for (String around : List.of("before", "after")) {
            payload.children.putIfAbsent(around, rows);
            root.children.putIfAbsent(around, rows);
        }
        root.children.putIfAbsent("payload", payload);
        return root;
    }

    /** The field at this node; {@code null} where fields lie below it. */
    FieldPlan field() {
        return field;
    }

    /** What lies at a name below; {@code null} for nothing declared. */
    PathTree child(String name) {
        return children.get(name);
    }

    /**
     * Forgets the values of all fields below: the object that held them is there again, and the
     * last one counts.
     */
    void clear(Object[] values) {
        if (field != null) {
            values[field.index()] = null;
        }
        children.values().forEach(child -> child.clear(values));
    }
}
