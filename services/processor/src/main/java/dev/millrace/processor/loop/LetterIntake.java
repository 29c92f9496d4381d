package dev.millrace.processor.loop;

import dev.millrace.pipeline.deadletter.LetterHeaders;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.processor.counting.Deltas;
import dev.millrace.processor.deadletter.Buffers;
import dev.millrace.processor.deadletter.ShownLetter;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Counts those dead letters that the enricher has written: events from which one of a derived
 * stream could not be made. They lie in the topic of the stream that they were taken from. Letters
 * of a stream's own topic are this processor's, and were counted with the stream.
 */
final class LetterIntake implements Intake {
    private final Plan plan;
    private final Schemas schemas;
    private final Map<String, EventDecoder> decoders = new HashMap<>();

    /**
     * An intake of the pipeline's dead letters.
     *
     * @param schemas where those of Avro are; null for a plan without
     */
    LetterIntake(Plan plan, Schemas schemas) {
        this.plan = plan;
        this.schemas = schemas;
    }

    @Override
    public Deltas deltas() {
        return Deltas.ofLetters();
    }

    @Override
    public void take(
            ConsumerRecord<ByteBuffer, ByteBuffer> record,
            long wallClock,
            Deltas deltas,
            Consumer<CompletableFuture<Void>> sends) {
        Optional<LetterHeaders> letter = LetterHeaders.of(record.headers());
        Optional<StreamPlan> from = letter.flatMap(this::madeFrom);
        if (from.isPresent()) {
            byte[] event = decoder(from.get()).readable(Buffers.bytes(record.value()));
            deltas.reject(letter.get().cause(), ShownLetter.of(letter.get(), event));
        }
    }

    private EventDecoder decoder(StreamPlan stream) {
        return decoders.computeIfAbsent(stream.name(), name -> EventDecoder.of(stream, schemas));
    }

    /** The stream that a derived one was to be made from; empty for other letters. */
    private Optional<StreamPlan> madeFrom(LetterHeaders letter) {
        return plan.stream(letter.stream())
                .filter(stream -> !stream.isSource())
                .flatMap(stream -> plan.stream(stream.from()))
                .filter(from -> from.topic().name().equals(letter.topic()));
    }

    @Override
    public long watermark() {
        return 0;
    }
}
