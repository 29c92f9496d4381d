package dev.millrace.pipeline.plan;

import java.util.List;

/**
 * How a stream's events are made from those of another. Of an event, the kept fields are taken; for
 * each element of the exploded array one event is made; then tables add their fields, and what is
 * computed is added last.
 *
 * @param from the other stream's name
 * @param kept fields of the other stream, and where they go; the exploded array is not among them
 * @param exploded the other stream's array whose elements become events; {@code null}: none
 * @param elements fields of an element, and where they go; each goes before a kept one of its name
 * @param joins tables that add fields, in order
 * @param computed fields made of the others, in order: each may use those before it
 */
public record Derivation(
        String from,
        List<Column> kept,
        FieldPlan exploded,
        List<Column> elements,
        List<JoinPlan> joins,
        List<Computation> computed) {

    /** A field that is taken over as another, of the same type. */
    public record Column(FieldPlan from, FieldPlan to) {}
}
