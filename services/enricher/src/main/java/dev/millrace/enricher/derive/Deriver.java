package dev.millrace.enricher.derive;

import dev.millrace.enricher.derive.FieldValues.UnfitException;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.EventLimits;
import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.Computation;
import dev.millrace.pipeline.plan.Derivation;
import dev.millrace.pipeline.plan.Derivation.Column;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.JoinPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import tools.jackson.core.JacksonException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes the events of a stream from those of another: decodes, explodes, joins, computes, and
 * writes. Knows nothing of Kafka. For one thread.
 */
public final class Deriver {
    private final StreamPlan from;
    private final StreamPlan stream;
    private final Derivation derivation;
    private final Clock clock;
    private final EventDecoder decoder;
    private final EventWriter writer;
    private final AvroEncoder encoder;
    private final List<Join> joins = new ArrayList<>();
    private final int width;

    private record Join(JoinPlan plan, Rows rows) {}

    /**
     * A maker of events.
     *
     * @param from the stream whose events are taken
     * @param stream the stream whose events are made
     * @param tables the rows of a table by its name
     * @param schemas where those of Avro are; may be null where neither stream is Avro
     */
    public Deriver(
            StreamPlan from,
            StreamPlan stream,
            Clock clock,
            Function<String, Rows> tables,
            Schemas schemas) {
        this.from = from;
        this.stream = stream;
        this.derivation = stream.derivation();
        this.clock = clock;
        this.decoder = EventDecoder.of(from, schemas);
        this.writer = new EventWriter(stream.schema());
        this.encoder = stream.format() == Format.avro ? new AvroEncoder(stream, schemas) : null;
        this.width = stream.schema().fields().size();
        derivation.joins().forEach(join -> joins.add(new Join(join, tables.apply(join.table()))));
    }

    /**
     * Makes what is to be made of an event, in the order of its elements. An event that does not
     * count in its own stream makes nothing: whoever counts that stream reports it.
     *
     * @param bytes the event's value in Kafka; may be null
     * @param received Kafka's timestamp of it, in milliseconds since 1970
     * @return whether the event counts
     * @throws SchemasUnavailableException where it cannot be read or written yet
     */
    public boolean derive(byte[] bytes, long received, Consumer<Outcome> outcomes) {
        // with clock: event, lateness depends on the partition before it, and is decided by
        // whoever counts the new stream; all else is decided by the event alone
        Admission admission = new Admission(from, clock, decoder, 0);
        if (!(admission.admit(bytes, received) instanceof Event event)) {
            return false;
        }
        Object[] kept = new Object[width];
        for (Column column : derivation.kept()) {
            kept[column.to().index()] = event.value(column.from());
        }
        if (derivation.exploded() == null) {
            finish(kept, -1, outcomes);
        } else if (event.value(derivation.exploded()) instanceof List<?> elements) {
            for (int i = 0; i < elements.size(); i++) {
                explode(kept, elements.get(i), i, outcomes);
            }
        }
        return true;
    }

    private void explode(Object[] kept, Object element, int index, Consumer<Outcome> outcomes) {
        FieldPlan array = derivation.exploded();
        try {
            if (!(element instanceof Map<?, ?> fields)) {
                throw new UnfitException(
                        Cause.type, "Wrong type: '" + at(array, index) + "' is no object");
            }
            Object[] values = kept.clone();
            for (Column column : derivation.elements()) {
                FieldPlan item = column.from();
                Object value = fields.get(item.name());
                values[column.to().index()] =
                        isPlain(item, value)
                                ? value
                                : FieldValues.read(
                                        item, at(array, index) + "." + item.name(), value);
            }
            finish(values, index, outcomes);
        } catch (UnfitException e) {
            outcomes.accept(new Outcome.Refused(index, e.fault(), e.getMessage()));
        }
    }

    /** Spares most values the name that they would have in a message. */
    private static boolean isPlain(FieldPlan item, Object value) {
        return switch (item.type()) {
            case integer -> value instanceof Long;
            case number -> value instanceof Double number && Math.abs(number) <= EventLimits.NUMBER;
            case bool -> value instanceof Boolean;
            default -> false;
        };
    }

    private static String at(FieldPlan array, int index) {
        return array.name() + "[" + index + "]";
    }

    private void finish(Object[] values, int element, Consumer<Outcome> outcomes) {
        try {
            for (Join join : joins) {
                if (!join(join, values)) {
                    return;
                }
            }
            for (Computation computation : derivation.computed()) {
                values[computation.field().index()] = compute(computation, values);
            }
            byte[] event = write(values);
            outcomes.accept(new Outcome.Made(element, key(values), event));
        } catch (UnfitException e) {
            outcomes.accept(new Outcome.Refused(element, e.fault(), e.getMessage()));
        }
    }

    /** Adds a table's fields; false where the event is to be left out. */
    private static boolean join(Join join, Object[] values) throws UnfitException {
        JoinPlan plan = join.plan();
        Object key = values[plan.key().index()];
        Object[] row = key == null ? null : join.rows().row(key.toString());
        if (row == null) {
            switch (plan.missing()) {
                case keep -> {}
                case drop -> {
                    return false;
                }
                case deadLetter ->
                        throw new UnfitException(
                                Cause.unmatched,
                                key == null
                                        ? "No row of '"
                                                + plan.table()
                                                + "': '"
                                                + plan.key().name()
                                                + "' is missing"
                                        : "No row of '"
                                                + plan.table()
                                                + "' has the key '"
                                                + shown(key)
                                                + "'");
            }
        }
        for (Column column : plan.columns()) {
            values[column.to().index()] = row == null ? null : row[column.from().index()];
        }
        return true;
    }

    private static String shown(Object key) {
        String text = key.toString();
        return text.length() <= 80 ? text : text.substring(0, text.offsetByCodePoints(0, 40)) + "…";
    }

    private static Object compute(Computation computation, Object[] values) throws UnfitException {
        try {
            return FieldValues.computed(computation.field(), computation.compute(values));
        } catch (Computation.FailedException e) {
            throw new UnfitException(
                    Cause.compute,
                    "Cannot compute '" + computation.field().name() + "': " + e.getMessage());
        }
    }

    private byte[] write(Object[] values) throws UnfitException {
        byte[] event;
        try {
            event = encoder == null ? writer.write(values) : encoder.encode(values);
        } catch (JacksonException e) {
            throw new UnfitException(
                    Cause.malformed, "Cannot be written as JSON: " + e.getOriginalMessage());
        }
        if (event.length > EventLimits.BYTES) {
            throw new UnfitException(
                    Cause.size,
                    "Too large: "
                            + event.length
                            + " bytes with what was joined, at most "
                            + EventLimits.BYTES
                            + " are allowed");
        }
        return event;
    }

    private byte[] key(Object[] values) {
        Object key = stream.key() == null ? null : values[stream.key().index()];
        return key == null ? null : key.toString().getBytes(StandardCharsets.UTF_8);
    }
}
