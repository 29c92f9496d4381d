package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.FieldType;

/** Checks that a setting names a field of a stream, of the type that it takes. */
record FieldOfType(Read read, Schema schema) {
    /**
     * Notes what is wrong with the name.
     *
     * @return the field; {@code null} where there is none of that name and type
     */
    FieldPlan check(String path, String name, FieldType type) {
        if (name == null) {
            read.problems()
                    .add(path, "is missing; name a field of type " + SchemaCompiler.text(type));
            return null;
        }
        FieldPlan field = schema.field(name).orElse(null);
        if (field == null) {
            if (!schema.isOpen()) {
                read.problems().unknown(path, "field", name, schema.names());
            }
            return null;
        }
        if (field.type() != type) {
            read.problems()
                    .add(
                            path,
                            "\""
                                    + name
                                    + "\" is of type "
                                    + SchemaCompiler.text(field.type())
                                    + "; name a field of type "
                                    + SchemaCompiler.text(type));
            return null;
        }
        return field;
    }
}
