package dev.millrace.producer.generate;

import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.Schema;
import dev.millrace.pipeline.resource.FieldType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One way in which an event is broken on purpose: it is sure to be invalid. */
sealed interface Fault {
    /**
     * What stands in place of a field's value.
     *
     * @return {@code null}: nothing else; empty: the field is left out
     */
    default byte[] instead(FieldPlan field) {
        return null;
    }

    /** The broken event, from what was written. */
    default byte[] bytes(JsonBuffer written, SplittableRandom random) {
        return written.copy(written.length());
    }

    /** A field has a value that it must not have, or none. */
    record Replaced(FieldPlan replaced, byte[] value) implements Fault {
        @Override
        public byte[] instead(FieldPlan field) {
            return field == replaced ? value : null;
        }
    }

    /** The event ends in the middle. */
    record Truncated() implements Fault {
        @Override
        public byte[] bytes(JsonBuffer written, SplittableRandom random) {
            return written.copy(1 + random.nextInt(written.length() - 1));
        }
    }

    /** The event is an empty object. */
    record Empty() implements Fault {
        @Override
        public byte[] bytes(JsonBuffer written, SplittableRandom random) {
            return new byte[] {'{', '}'};
        }
    }

    /** All ways in which events of a schema can be broken. */
    static List<Fault> of(Schema schema) {
        List<Fault> faults = new ArrayList<>();
        faults.add(new Truncated());
        for (FieldPlan field : schema.fields()) {
            if (field.required()) {
                faults.add(new Replaced(field, new byte[0]));
            }
            faults.add(new Replaced(field, wrongType(field.type())));
            if (!field.allowed().isEmpty()) {
                faults.add(new Replaced(field, JsonText.string(notAllowed(field))));
            }
        }
        if (schema.fields().stream().anyMatch(FieldPlan::required)) {
            faults.add(new Empty());
        }
        return faults;
    }

    private static byte[] wrongType(FieldType type) {
        String json =
                switch (type) {
                    case string -> "12345";
                    case integer, number, bool -> "\"unknown\"";
                    case timestamp -> "\"yesterday\"";
                    case object, array -> "\"none\"";
                };
        return json.getBytes(StandardCharsets.US_ASCII);
    }

    private static String notAllowed(FieldPlan field) {
        String text = "unknown";
        while (field.allowed().contains(text)) {
            text += '?';
        }
        return text;
    }
}
