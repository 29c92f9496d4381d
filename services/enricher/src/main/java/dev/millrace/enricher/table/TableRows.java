package dev.millrace.enricher.table;

import dev.millrace.enricher.derive.Rows;
import dev.millrace.pipeline.plan.TablePlan;

import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All rows of a table, read and in memory: a global store of Kafka Streams, which fills it from the
 * table's topic before the first event is joined. Written by one thread, read by many.
 */
public final class TableRows implements StateStore, Rows {
    private final TablePlan table;
    private final int limit;
    private final Map<String, Object[]> rows = new ConcurrentHashMap<>();
    private volatile boolean open;

    /**
     * An empty table.
     *
     * @param limit how many rows it takes
     */
    public TableRows(TablePlan table, int limit) {
        this.table = table;
        this.limit = limit;
    }

    /** The name of a table's store. */
    public static String storeName(String table) {
        return "rows-" + table;
    }

    @Override
    public Object[] row(String key) {
        return rows.get(key);
    }

    /** How many rows there are. */
    public int size() {
        return rows.size();
    }

    /**
     * Takes a row in place of a former one.
     *
     * @throws TooManyRowsException where the table is full: numbers without some rows would be
     *     wrong, and without memory there would be none
     */
    public void put(String key, Object[] row) {
        if (rows.put(key, row) == null && rows.size() > limit) {
            rows.remove(key);
            throw new TooManyRowsException(table.name(), limit);
        }
    }

    /** Forgets a row. */
    public void remove(String key) {
        rows.remove(key);
    }

    @Override
    public String name() {
        return storeName(table.name());
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        open = true;
        // filled by the processor that reads the topic, also at the start
        context.register(root, (_, _) -> {});
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        open = false;
        rows.clear();
    }

    @Override
    public boolean persistent() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }
}
