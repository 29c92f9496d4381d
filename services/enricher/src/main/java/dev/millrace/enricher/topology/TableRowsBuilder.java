package dev.millrace.enricher.topology;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.table.TableRows;
import dev.millrace.pipeline.plan.TablePlan;

import org.apache.kafka.streams.state.StoreBuilder;

import java.util.Map;

/** Makes the store of a table's rows, which needs neither cache nor log: the topic is its log. */
record TableRowsBuilder(TablePlan table, int limit, EnricherMeters meters)
        implements StoreBuilder<TableRows> {
    @Override
    public TableRows build() {
        TableRows rows = new TableRows(table, limit);
        meters.watch(table.name(), rows);
        return rows;
    }

    @Override
    public StoreBuilder<TableRows> withCachingEnabled() {
        return this;
    }

    @Override
    public StoreBuilder<TableRows> withCachingDisabled() {
        return this;
    }

    @Override
    public StoreBuilder<TableRows> withLoggingEnabled(Map<String, String> config) {
        return this;
    }

    @Override
    public StoreBuilder<TableRows> withLoggingDisabled() {
        return this;
    }

    @Override
    public Map<String, String> logConfig() {
        return Map.of();
    }

    @Override
    public boolean loggingEnabled() {
        return false;
    }

    @Override
    public String name() {
        return TableRows.storeName(table.name());
    }
}
