package dev.millrace.audit.consume;

import dev.millrace.audit.AuditMeters;
import dev.millrace.audit.AuditSettings;
import dev.millrace.audit.AuditStatus;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.registry.Schemas;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One membership in the group, from joining to leaving or failing: has events read and decided on,
 * delivered to the store, and committed once they are written. For one thread.
 */
final class Session implements ConsumerRebalanceListener, AutoCloseable {
    private static final Duration COMMIT = Duration.ofSeconds(3);
    private static final long REPORT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final AuditSettings settings;
    private final AuditMeters meters;
    private final AuditStatus status;
    private final Consumer<byte[], byte[]> consumer;
    private final OwnPartitions partitions;
    private final EventReader reader;
    private final Commits commits;
    private final Delivery delivery;
    private long reported = System.nanoTime();

    Session(
            Plan plan,
            AuditSettings settings,
            AuditMeters meters,
            AuditStatus status,
            Consumer<byte[], byte[]> consumer,
            StoreWriter writer,
            Schemas schemas) {
        this.settings = settings;
        this.meters = meters;
        this.status = status;
        this.consumer = consumer;
        this.partitions = new OwnPartitions(plan, meters, consumer, schemas);
        this.reader = new EventReader(consumer, partitions, status);
        this.commits = new Commits(consumer, COMMIT);
        this.delivery = new Delivery(plan, settings, meters, status, writer, commits);
    }

    /**
     * Records events until told to stop; then writes and commits what waits, if the store takes it.
     *
     * @throws KafkaException where the group has to be joined anew
     */
    void run(BooleanSupplier goOn) {
        consumer.subscribe(partitions.topics(), this);
        status.reading();
        while (goOn.getAsBoolean()) {
            reader.read(delivery.pause(), delivery);
            delivery.settle();
            delivery.begin(partitions::positions);
            delivery.measure();
            reader.throttle(delivery.isFull());
            report();
        }
        delivery.drain(partitions::positions, System.nanoTime() + settings.stop().toNanos());
        commits.now(partitions.all());
        forget(Set.copyOf(partitions.all()));
    }

    private void report() {
        meters.waiting(delivery.size(), delivery.bytes());
        status.waiting(delivery.size());
        if (System.nanoTime() - reported < REPORT_NANOS) {
            return;
        }
        reported = System.nanoTime();
        meters.lag(partitions.lag());
        commits.retry();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
        if (assigned.isEmpty()) {
            return;
        }
        partitions.begin(assigned);
        if (delivery.isFull()) {
            consumer.pause(assigned);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
        List<TopicPartition> ours = revoked.stream().filter(partitions::contains).toList();
        if (ours.isEmpty()) {
            return;
        }
        delivery.finish(ours, System.nanoTime() + settings.revoke().toNanos());
        commits.now(ours);
        forget(ours);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> lost) {
        forget(lost);
    }

    private void forget(Collection<TopicPartition> gone) {
        delivery.forget(gone);
        partitions.forget(gone);
        commits.forget(gone);
    }

    /** Leaves the group. */
    @Override
    public void close() {
        partitions.forget(Set.copyOf(partitions.all()));
        meters.waiting(0, 0);
        status.waiting(0);
        consumer.close(CloseOptions.timeout(COMMIT));
    }
}
