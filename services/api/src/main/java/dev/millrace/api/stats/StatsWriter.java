package dev.millrace.api.stats;

import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshots;
import dev.millrace.api.worker.Worker;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Publishes what changes from snapshot to snapshot, in a thread of its own. Of all replicas one
 * does so; who takes over reads the topic, and sends what differs from it.
 */
public final class StatsWriter extends Worker {
    private static final Logger log = LoggerFactory.getLogger(StatsWriter.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** At most between two signs of life to the group, and to who reads. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    private final Plan plan;
    private final Snapshots snapshots;
    private final Clients clients;
    private final StatsSettings settings;
    private final StatsLog events;
    private final String pipeline;
    private boolean prepared;
    private Membership membership;
    private Topic topic;
    private long published;
    private long version;
    private String told;
    private long toldNanos;

    /** A writer that does not run yet. */
    StatsWriter(
            Plan plan,
            Snapshots snapshots,
            Clients clients,
            StatsSettings settings,
            StatsLog events) {
        super(Thread.ofPlatform().daemon().name("millrace-stats").priority(Thread.MIN_PRIORITY));
        this.plan = plan;
        this.snapshots = snapshots;
        this.clients = clients;
        this.settings = settings;
        this.events = events;
        this.pipeline = Messages.key(plan.name());
    }

    @Override
    public synchronized void start() {
        if (plan.stats() == null) {
            events.waits("it is not declared: there is no spec.stats");
        } else if (!settings.enabled()) {
            events.waits("it is switched off here: millrace.api.stats.enabled is false");
        } else {
            super.start();
        }
    }

    @Override
    protected Duration work() throws InterruptedException {
        try {
            return step();
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (ExecutionException e) {
            return failed(e.getCause());
        } catch (RuntimeException e) {
            return failed(e);
        }
    }

    private Duration step() throws InterruptedException, ExecutionException {
        if (!prepared) {
            try (Admin admin = clients.admin()) {
                Topics.ensureStats(admin, plan);
            }
            prepared = true;
        }
        if (membership == null) {
            membership = new Membership(clients.member(plan.name() + "-api"), plan.statsTopic());
        }
        switch (membership.look(LONGEST_REST)) {
            case other -> {
                forget();
                events.leaves("another replica publishes, or it is being found out which one does");
                return Duration.ZERO;
            }
            case begins -> forget();
            case goesOn -> {}
        }
        if (topic == null) {
            topic = Topic.takeOver(plan, clients, settings.patience());
            told = null;
        }
        if (told != null) {
            Duration early = plan.stats().every().minusNanos(System.nanoTime() - published);
            if (early.isPositive()) {
                return min(early, LONGEST_REST);
            }
            // nobody waits for a change longer than it takes to be seen
            snapshots.await(version, min(LONGEST_REST, settings.heartbeat()));
        }
        publish(snapshots.newest());
        if (recovered()) {
            log.info("Numbers are published again");
        }
        return Duration.ZERO;
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private void publish(Snapshot snapshot) {
        long now = System.nanoTime();
        // while they are counted anew, or come from history, those in the topic stay
        boolean current = snapshot.isOfNow();
        List<Message> messages = new ArrayList<>();
        if (current) {
            messages.addAll(topic.published().changes(snapshot));
        }
        Map<String, Object> content = Messages.content(plan, snapshot);
        String text = Messages.json(content);
        if (!messages.isEmpty()
                || !text.equals(told)
                || snapshot.version() != version
                || now - toldNanos >= settings.heartbeat().toNanos()) {
            // at last: who has read it has all numbers of its time
            messages.add(Messages.message(pipeline, content, snapshot));
            topic.write(messages);
            events.sent(messages.size());
            told = text;
            toldNanos = now;
        }
        published = now;
        version = snapshot.version();
        if (current) {
            events.complete(snapshot.at(), topic.published().size());
        } else {
            events.waits("the numbers are not those of now: " + snapshot.condition().reason());
        }
    }

    private Duration failed(Throwable e) {
        if (isStopping()) {
            return Duration.ZERO;
        }
        forget();
        prepared = false;
        if (!(e instanceof RetriableException)) {
            // another replica may have taken over, and it is not said yet
            leave();
        }
        Throwable cause = NestedExceptionUtils.getMostSpecificCause(e);
        String reason =
                "Kafka fails: " + String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        events.failed(reason);
        if (isHealthy()) {
            log.warn("Numbers cannot be published; trying on until they can. {}", reason);
            log.debug("Numbers cannot be published", e);
        }
        return backOff(FIRST_PAUSE, LONGEST_PAUSE);
    }

    private void forget() {
        if (topic != null) {
            topic.close();
            topic = null;
        }
    }

    private void leave() {
        if (membership != null) {
            membership.close();
            membership = null;
        }
    }

    @Override
    protected void end() {
        // or else Kafka's clients would not close in order
        Thread.interrupted();
        forget();
        leave();
    }
}
