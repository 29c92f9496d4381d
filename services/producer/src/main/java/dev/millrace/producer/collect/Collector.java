package dev.millrace.producer.collect;

import dev.millrace.pipeline.event.Decoded;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.FieldPlan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRefusedException;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.producer.ProducerMeters;
import dev.millrace.producer.send.Delivery;
import dev.millrace.producer.send.Encodings.Encoding;
import dev.millrace.producer.send.EventSender;

import io.micrometer.core.instrument.Timer;

import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.springframework.http.HttpStatus;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Brings the events of one stream into Kafka, and waits until they are there. */
final class Collector {
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final StreamPlan stream;
    private final Encoding encoding;
    private final EventDecoder decoder;
    private final EventSender sender;
    private final ProducerMeters.Flow meters;
    private final Timer acknowledgement;
    private final Duration longest;

    /**
     * A collector of a stream.
     *
     * @param timeout how long Kafka's client tries
     */
    Collector(
            StreamPlan stream,
            Encoding encoding,
            EventSender sender,
            ProducerMeters meters,
            Duration timeout) {
        this.stream = stream;
        this.encoding = encoding;
        this.decoder = encoding.decoder();
        this.sender = sender;
        this.meters = meters.flow(stream.name(), ProducerMeters.Source.http);
        this.acknowledgement = meters.acknowledgement(stream.name());
        this.longest = timeout.plus(SLACK);
    }

    /**
     * Writes all events, valid or not, and returns when Kafka has acknowledged them.
     *
     * @throws RefusedException where Kafka did not acknowledge all, or the schema registry has not
     *     taken the schema of their stream
     */
    Receipt collect(RawEvents events) throws InterruptedException {
        prepare();
        long begin = System.nanoTime();
        long now = System.currentTimeMillis();
        Delivery delivery = new Delivery();
        List<Receipt.Problem> problems = new ArrayList<>();
        int invalid = 0;
        long bytes = 0;
        for (int i = 0; i < events.count() && delivery.failure() == null; i++) {
            byte[] event = events.event(i);
            Decoded decoded = decoder.decode(event, now);
            if (decoded instanceof Rejected rejected) {
                invalid++;
                if (problems.size() < Receipt.PROBLEMS) {
                    problems.add(new Receipt.Problem(i, rejected.reason()));
                }
            }
            bytes += event.length;
            delivery.handOver();
            sender.send(
                    stream.topic().name(),
                    key(event, decoded),
                    encoding.encode(event, decoded),
                    delivery);
        }
        boolean complete = delivery.await(longest);
        int accepted = delivery.acknowledged();
        meters.acknowledged(accepted, accepted == events.count() ? bytes : 0);
        if (!complete || delivery.failure() != null) {
            meters.failed(events.count() - accepted);
            throw refused(delivery.failure(), accepted, events.count());
        }
        acknowledgement.record(Duration.ofNanos(System.nanoTime() - begin));
        return new Receipt(accepted, invalid, problems);
    }

    private void prepare() {
        try {
            encoding.prepare();
        } catch (SchemasUnavailableException | SchemaRefusedException e) {
            throw RefusedException.unavailable(
                    "Events cannot be written as Avro yet: "
                            + e.getMessage()
                            + ". Nothing was written; send the request again after the time in"
                            + " Retry-After.",
                    0,
                    0);
        }
    }

    private byte[] key(byte[] bytes, Decoded decoded) {
        FieldPlan field = stream.key();
        if (field == null) {
            return null;
        }
        String text =
                decoded instanceof Event event ? event.text(field) : decoder.peek(bytes, field);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private RefusedException refused(Exception failure, int accepted, int events) {
        if (failure instanceof RecordTooLargeException) {
            return RefusedException.of(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "The topic "
                            + stream.topic().name()
                            + " does not take events as large as one of these; "
                            + written(accepted, events)
                            + " Raise max.message.bytes of the topic, or send smaller events.");
        }
        if (failure instanceof BufferExhaustedException && accepted == 0) {
            return RefusedException.busy(
                    "More events arrive than Kafka takes. Nothing of this request was written; send"
                            + " it again after the time in Retry-After.");
        }
        String why = failure == null ? "no answer" : failure.getMessage();
        return RefusedException.unavailable(
                "Kafka did not acknowledge all events ("
                        + why
                        + "); "
                        + written(accepted, events)
                        + " Send the request again after the time in Retry-After: events that were"
                        + " written all the same will then be there twice.",
                accepted,
                events);
    }

    private static String written(int accepted, int events) {
        return accepted + " of " + events + " events are known to be written.";
    }
}
