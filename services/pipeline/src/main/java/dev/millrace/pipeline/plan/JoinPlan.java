package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.plan.Derivation.Column;
import dev.millrace.pipeline.resource.JoinSpec.Missing;

import java.util.List;

/**
 * A table that adds fields to events.
 *
 * @param table the table's name
 * @param key the stream's field that holds the table's key
 * @param missing what becomes of an event whose key the table does not have
 * @param columns fields of a row, and where they go
 */
public record JoinPlan(String table, FieldPlan key, Missing missing, List<Column> columns) {}
