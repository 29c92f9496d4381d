package dev.millrace.audit.consume;

import dev.millrace.audit.document.Entry;
import dev.millrace.pipeline.event.Admission;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.event.Rejected;
import dev.millrace.pipeline.registry.SchemasUnavailableException;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A partition that is ours. For one thread.
 *
 * @param admission decides on its events, in their order
 */
record OwnPartition(TopicPartition partition, Admission admission, EventDecoder decoder) {
    /**
     * Decides on the next event.
     *
     * @param now when it was read, on {@link System#nanoTime}'s clock
     * @throws SchemasUnavailableException where its schema cannot be had now; it is to be decided
     *     on again
     */
    Entry decide(ConsumerRecord<byte[], byte[]> record, long now) {
        long time = 0;
        Rejected fault = null;
        switch (admission.admit(record.value(), record.timestamp())) {
            case Event event -> time = event.time();
            case Rejected rejected -> fault = rejected;
        }
        return new Entry(
                partition,
                record.offset(),
                record.leaderEpoch(),
                record.timestamp(),
                decoder.readable(record.value()),
                time,
                fault,
                admission.watermark(),
                now);
    }
}
