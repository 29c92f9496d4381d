package dev.millrace.processor.loop;

import dev.millrace.processor.counting.Deltas;

import org.apache.kafka.clients.consumer.ConsumerRecord;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** What becomes of the records of one partition. For the loop's thread alone. */
interface Intake {
    /** Nothing yet. */
    Deltas deltas();

    /**
     * Adds what the next record amounts to.
     *
     * @param wallClock milliseconds since 1970
     * @param sends takes what must be in Kafka before the record is done with
     */
    void take(
            ConsumerRecord<ByteBuffer, ByteBuffer> record,
            long wallClock,
            Deltas deltas,
            Consumer<CompletableFuture<Void>> sends);

    /** The highest event time so far, in milliseconds since 1970; 0 where there is none. */
    long watermark();
}
