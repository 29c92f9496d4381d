package dev.millrace.processor.loop;

import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.Decoded;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.processor.counting.Counter;
import dev.millrace.processor.counting.Deltas;
import dev.millrace.processor.deadletter.DeadLetter;
import dev.millrace.processor.deadletter.DeadLetterSender;
import dev.millrace.processor.deadletter.ShownLetter;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Counts the events of a stream; those that do not count become dead letters. */
final class EventIntake implements Intake {
    private final StreamPlan stream;
    private final Clock clock;
    private final Counter counter;
    private final EventDecoder decoder;
    private final Admission admission;
    private final DeadLetterSender sender;

    EventIntake(
            StreamPlan stream,
            Clock clock,
            Counter counter,
            EventDecoder decoder,
            DeadLetterSender sender,
            long watermark) {
        this.stream = stream;
        this.clock = clock;
        this.counter = counter;
        this.decoder = decoder;
        this.admission = new Admission(stream, clock, decoder, watermark);
        this.sender = sender;
    }

    @Override
    public Deltas deltas() {
        return counter.deltas();
    }

    @Override
    public void take(
            ConsumerRecord<ByteBuffer, ByteBuffer> record,
            long wallClock,
            Deltas deltas,
            Consumer<CompletableFuture<Void>> sends) {
        Decoded decoded = admission.admit(record.value(), record.timestamp());
        if (decoded instanceof Event event) {
            counter.count(event, clock == Clock.wall ? wallClock : admission.watermark(), deltas);
        } else if (decoded instanceof Rejected rejected) {
            DeadLetter letter = new DeadLetter(stream.name(), record, rejected);
            // before it is sent: where the registry is away by now, the event is read again
            String shown = ShownLetter.of(letter.headers(), decoder.readable(letter.value()));
            sends.accept(sender.send(letter));
            deltas.reject(rejected.cause(), shown);
        }
    }

    @Override
    public long watermark() {
        return admission.watermark();
    }
}
