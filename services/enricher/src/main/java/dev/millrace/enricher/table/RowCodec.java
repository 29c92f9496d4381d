package dev.millrace.enricher.table;

import dev.millrace.enricher.derive.EventWriter;
import dev.millrace.pipeline.event.Decoded;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.time.Duration;

/**
 * Reads and writes rows of a table as JSON, by the same rules as events. Safe for use by many
 * threads.
 */
final class RowCodec {
    private final TablePlan table;
    private final EventDecoder decoder;
    private final EventWriter writer;

    RowCodec(TablePlan table) {
        this.table = table;
        this.decoder =
                new EventDecoder(
                        new StreamPlan(
                                table.name(),
                                Format.json,
                                table.schema(),
                                null,
                                table.keyField(),
                                Duration.ZERO,
                                table.topic(),
                                null,
                                null));
        this.writer = new EventWriter(table.schema());
    }

    /**
     * The values of a row by the indexes of the table's fields.
     *
     * @throws UnreadableRowException with what is wrong
     */
    Object[] read(byte[] json) throws UnreadableRowException {
        Decoded decoded = decoder.decode(json, 0);
        return switch (decoded) {
            case Rejected rejected -> throw new UnreadableRowException(rejected.reason());
            case Event event -> {
                Object[] row = new Object[table.schema().fields().size()];
                for (FieldPlan field : table.schema().fields()) {
                    row[field.index()] = event.value(field);
                }
                yield row;
            }
        };
    }

    /** A row as JSON; the same row gives the same bytes. */
    byte[] write(Object[] row) {
        return writer.write(row);
    }

    /** The text that a row is found by. */
    String key(Object[] row) {
        return row[table.keyField().index()].toString();
    }
}
