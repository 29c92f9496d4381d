package dev.millrace.enricher.topology;

import dev.millrace.enricher.EnricherMeters;
import dev.millrace.enricher.derive.Deriver;
import dev.millrace.enricher.derive.Outcome;
import dev.millrace.enricher.table.TableRows;
import dev.millrace.pipeline.deadletter.LetterHeaders;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRefusedException;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.SchemasUnavailableException;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the events of one stream. Each keeps the time at which the broker received the event that
 * it was made from, and says in its header {@code millrace-source} which one that was: {@code
 * TOPIC:PARTITION:OFFSET}, and {@code :ELEMENT} of an exploded array. What cannot be made goes to
 * the dead letters with the source event's bytes and the headers that all dead letters have.
 */
final class DerivingProcessor implements Processor<byte[], byte[], byte[], Addressed> {
    private static final Logger log = LoggerFactory.getLogger(DerivingProcessor.class);
    private static final String SOURCE = "millrace-source";

    private final Plan plan;
    private final StreamPlan from;
    private final StreamPlan stream;
    private final EnricherMeters.OfStream meters;
    private final Schemas schemas;
    private final List<Outcome> outcomes = new ArrayList<>();
    private ProcessorContext<byte[], Addressed> context;
    private Deriver deriver;

    DerivingProcessor(
            Plan plan, StreamPlan from, StreamPlan stream, EnricherMeters meters, Schemas schemas) {
        this.plan = plan;
        this.from = from;
        this.stream = stream;
        this.meters = meters.of(stream.name());
        this.schemas = schemas;
    }

    @Override
    public void init(ProcessorContext<byte[], Addressed> context) {
        this.context = context;
        this.deriver =
                new Deriver(
                        from,
                        stream,
                        plan.clock(),
                        table -> context.<TableRows>getStateStore(TableRows.storeName(table)),
                        schemas);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata metadata = context.recordMetadata().orElseThrow();
        outcomes.clear();
        derive(record);
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Made made -> forward(record, metadata, made);
                case Outcome.Refused refused -> refuse(record, metadata, refused);
            }
        }
    }

    private void derive(Record<byte[], byte[]> record) {
        try {
            if (!deriver.derive(record.value(), record.timestamp(), outcomes::add)) {
                meters.invalid();
            }
        } catch (SchemasUnavailableException | SchemaRefusedException e) {
            // nothing is known about the event: it is read again when the registry answers
            throw e;
        } catch (RuntimeException e) {
            // no event may stop the stream, also where this code is wrong about it
            log.warn("An event of {} cannot be made into {}", from.name(), stream.name(), e);
            outcomes.clear();
            outcomes.add(new Outcome.Refused(-1, Cause.compute, "Cannot be made: " + e));
        }
    }

    private void forward(
            Record<byte[], byte[]> record, RecordMetadata metadata, Outcome.Made made) {
        String source = metadata.topic() + ':' + metadata.partition() + ':' + metadata.offset();
        Headers headers = new RecordHeaders(record.headers());
        headers.remove(SOURCE);
        String element = made.element() < 0 ? source : source + ':' + made.element();
        headers.add(SOURCE, element.getBytes(StandardCharsets.UTF_8));
        context.forward(
                new Record<>(
                        made.key(),
                        new Addressed(stream.topic().name(), metadata.partition(), made.value()),
                        record.timestamp(),
                        headers));
        meters.made();
    }

    private void refuse(
            Record<byte[], byte[]> record, RecordMetadata metadata, Outcome.Refused refused) {
        Headers headers = new RecordHeaders(record.headers());
        new LetterHeaders(
                        refused.reason(),
                        refused.cause(),
                        stream.name(),
                        metadata.topic(),
                        metadata.partition(),
                        metadata.offset(),
                        refused.element(),
                        Instant.ofEpochMilli(record.timestamp()))
                .addTo(headers);
        context.forward(
                new Record<>(
                        record.key(),
                        new Addressed(plan.deadLetterTopic(), metadata.partition(), record.value()),
                        record.timestamp(),
                        headers));
        meters.refused(refused.cause());
    }
}
