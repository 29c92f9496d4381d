package dev.millrace.pipeline.plan;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a stream or table, in the order of the manifest. */
public final class Schema {
    private final Map<String, FieldPlan> byName;
    private final List<FieldPlan> fields;
    private final boolean open;

    /**
     * A schema of these fields.
     *
     * @param open whether other fields may be there too, of unknown type
     */
    Schema(Collection<FieldPlan> fields, boolean open) {
        this.byName = new LinkedHashMap<>();
        fields.forEach(field -> byName.put(field.name(), field));
        this.fields = List.copyOf(fields);
        this.open = open;
    }

    /** The fields, each at its index. */
    public List<FieldPlan> fields() {
        return fields;
    }

    /** The field of a name. */
    public Optional<FieldPlan> field(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The names of all fields. */
    public Collection<String> names() {
        return byName.keySet();
    }

    /** Whether other fields than the declared ones may be there, of unknown type. */
    public boolean isOpen() {
        return open;
    }
}
