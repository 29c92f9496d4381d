package dev.millrace.enricher.topology;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.table.RowReader;
import dev.millrace.pipeline.plan.JoinPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.TablePlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.resource.Clock;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.StreamPartitioner;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The topology of a plan: each stream that others are made from is read once, each table that is
 * joined is in the memory of every instance, and what is made goes to the new stream's topic, or to
 * the dead letters.
 */
public final class JoinTopology {
    private static final Serde<byte[]> BYTES = Serdes.ByteArray();
    private static final Serde<Addressed> ADDRESSED =
            Serdes.serdeFrom(
                    (_, addressed) -> addressed.value(), (_, value) -> new Addressed("", 0, value));

    private final Plan plan;
    private final EnricherMeters meters;
    private final int tableRows;
    private final Schemas schemas;

    /**
     * The topology of a plan.
     *
     * @param tableRows how many rows a table takes
     * @param schemas where those of Avro are; null for a plan without
     */
    public JoinTopology(Plan plan, EnricherMeters meters, int tableRows, Schemas schemas) {
        this.plan = plan;
        this.meters = meters;
        this.tableRows = tableRows;
        this.schemas = schemas;
    }

    /** Adds all of it. */
    public void addTo(StreamsBuilder builder) {
        joined().forEach(table -> addTable(builder, table));
        Map<String, KStream<byte[], byte[]>> sources = new LinkedHashMap<>();
        for (StreamPlan stream : plan.derived()) {
            StreamPlan from = plan.stream(stream.from()).orElseThrow();
            sources.computeIfAbsent(
                            from.topic().name(),
                            topic -> builder.stream(topic, Consumed.with(BYTES, BYTES)))
                    .process(() -> new DerivingProcessor(plan, from, stream, meters, schemas))
                    .to(
                            (_, addressed, _) -> addressed.topic(),
                            Produced.with(BYTES, ADDRESSED).withStreamPartitioner(partitioner()));
        }
    }

    private Set<TablePlan> joined() {
        Set<TablePlan> tables = new LinkedHashSet<>();
        for (StreamPlan stream : plan.derived()) {
            for (JoinPlan join : stream.derivation().joins()) {
                tables.add(plan.table(join.table()).orElseThrow());
            }
        }
        return tables;
    }

    private void addTable(StreamsBuilder builder, TablePlan table) {
        builder.addGlobalStore(
                new TableRowsBuilder(table, tableRows, meters),
                table.topic().name(),
                Consumed.with(BYTES, BYTES),
                () -> new TableProcessor(table, new RowReader(table, schemas), meters));
    }

    /**
     * Where "now" is the highest event time of a partition, events stay in the order of the
     * partition that they come from. Elsewhere Kafka chooses by their keys.
     */
    private StreamPartitioner<byte[], Addressed> partitioner() {
        return (topic, _, addressed, partitions) ->
                plan.clock() == Clock.event && !topic.equals(plan.deadLetterTopic())
                        ? Optional.of(Set.of(addressed.partition() % partitions))
                        : Optional.empty();
    }
}
