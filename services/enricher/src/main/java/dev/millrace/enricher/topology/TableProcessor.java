package dev.millrace.enricher.topology;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.table.RowChange;
import dev.millrace.enricher.table.RowReader;
import dev.millrace.enricher.table.TableRows;
import dev.millrace.pipeline.plan.TablePlan;

import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a table's rows as its topic has them. A record that cannot be read deletes the row that it
 * was to be: a compacted topic forgets the former one too, and joins are to be the same before and
 * after a restart.
 */
final class TableProcessor implements Processor<byte[], byte[], Void, Void> {
    private static final Logger log = LoggerFactory.getLogger(TableProcessor.class);
    private static final int TOLD = 10;

    private final TablePlan table;
    private final RowReader reader;
    private final EnricherMeters meters;
    private TableRows rows;
    private long unreadable;

    TableProcessor(TablePlan table, RowReader reader, EnricherMeters meters) {
        this.table = table;
        this.reader = reader;
        this.meters = meters;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        rows = context.getStateStore(TableRows.storeName(table.name()));
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        switch (reader.read(record.key(), record.value())) {
            case RowChange.Put put -> rows.put(put.key(), put.row());
            case RowChange.Delete delete -> rows.remove(delete.key());
            case RowChange.Unreadable wrong -> {
                if (wrong.key() != null) {
                    rows.remove(wrong.key());
                }
                meters.unreadableRow(table.name());
                if (++unreadable <= TOLD) {
                    log.warn(
                            "Table {}: a record of {} is no row{}: {}{}",
                            table.name(),
                            table.topic().name(),
                            wrong.key() == null ? "" : " with key " + wrong.key(),
                            wrong.reason(),
                            unreadable == TOLD ? "; further ones are only counted" : "");
                }
            }
        }
    }
}
