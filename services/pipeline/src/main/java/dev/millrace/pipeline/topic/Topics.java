package dev.millrace.pipeline.topic;

import dev.millrace.pipeline.event.EventLimits;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TopicPlan;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Makes sure that the topics of a pipeline are there: one for each stream and table, and one for
 * dead letters. Created ones of sources have Kafka's own clock as their time, so that the log alone
 * tells which event was late; those of streams made from others keep that time, so that the same
 * events are late however long the making took; those of tables and numbers are compacted. All take
 * every event of up to {@link EventLimits#BYTES} together with its key. Topics that are there
 * already are left as they are.
 */
public final class Topics {
    private static final Logger log = LoggerFactory.getLogger(Topics.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private Topics() {}

    /**
     * Returns when all topics of the plan are there; creates the missing ones, and waits for those
     * that the manifest calls existing for as long as it takes. Several workloads may do this at
     * the same time.
     *
     * @return the names of those that this call created
     * @throws ExecutionException where Kafka refuses, or does not answer within the client's
     *     timeouts: try again later
     */
    public static Set<String> ensure(Admin admin, Plan plan)
            throws InterruptedException, ExecutionException {
        return ensure(admin, plan.topics());
    }

    /**
     * As {@link #ensure(Admin, Plan)}, for the topics that the plan's tables are in: whoever joins
     * needs them, and nobody else waits for them.
     */
    public static Set<String> ensureTables(Admin admin, Plan plan)
            throws InterruptedException, ExecutionException {
        return plan.tables().isEmpty() ? Set.of() : ensure(admin, plan.tableTopics());
    }

    /** As {@link #ensure(Admin, Plan)}, for the topic of numbers, where any are published. */
    public static Set<String> ensureStats(Admin admin, Plan plan)
            throws InterruptedException, ExecutionException {
        return plan.stats() == null ? Set.of() : ensure(admin, plan.statsTopics());
    }

    private static Set<String> ensure(Admin admin, Map<String, TopicPlan> topics)
            throws InterruptedException, ExecutionException {
        Map<String, TopicPlan> missing = missing(admin, topics);
        Set<String> created = new LinkedHashSet<>(create(admin, missing));
        missing.values().stream()
                .filter(TopicPlan::existing)
                .forEach(
                        topic ->
                                log.warn(
                                        "Waiting for topic \"{}\": the manifest says that it exists,"
                                                + " but Kafka has none; create it, or remove"
                                                + " existing: true",
                                        topic.name()));
        Duration pause = FIRST_PAUSE;
        while (!(missing = missing(admin, missing)).isEmpty()) {
            Thread.sleep(pause);
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
            created.addAll(create(admin, missing));
        }
        awaitLeaders(admin, topics.keySet());
        return created;
    }

    /**
     * Returns when the leader of every partition answers for it. A leader that does not know of its
     * new partition yet may refuse a producer's first batch and take its second, and then Kafka
     * takes the first one for a batch out of order until it times out.
     */
    private static void awaitLeaders(Admin admin, Set<String> topics)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        admin.describeTopics(topics)
                .allTopicNames()
                .get()
                .forEach(
                        (name, topic) ->
                                topic.partitions()
                                        .forEach(
                                                partition ->
                                                        ends.put(
                                                                new TopicPartition(
                                                                        name,
                                                                        partition.partition()),
                                                                OffsetSpec.latest())));
        admin.listOffsets(ends).all().get();
    }

    private static Map<String, TopicPlan> missing(Admin admin, Map<String, TopicPlan> topics)
            throws InterruptedException, ExecutionException {
        Map<String, TopicPlan> missing = new LinkedHashMap<>();
        for (var answer : admin.describeTopics(topics.keySet()).topicNameValues().entrySet()) {
            if (!isThere(answer.getValue())) {
                missing.put(answer.getKey(), topics.get(answer.getKey()));
            }
        }
        return missing;
    }

    private static boolean isThere(KafkaFuture<TopicDescription> answer)
            throws InterruptedException, ExecutionException {
        try {
            answer.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private static Set<String> create(Admin admin, Map<String, TopicPlan> topics)
            throws InterruptedException, ExecutionException {
        var wanted =
                topics.values().stream()
                        .filter(topic -> !topic.existing())
                        .map(Topics::request)
                        .toList();
        Set<String> created = new LinkedHashSet<>();
        for (var answer : admin.createTopics(wanted).values().entrySet()) {
            try {
                answer.getValue().get();
                created.add(answer.getKey());
            } catch (ExecutionException e) {
                boolean comesByItself =
                        e.getCause() instanceof TopicExistsException
                                || e.getCause() instanceof RetriableException;
                if (!comesByItself) {
                    throw e;
                }
            }
        }
        return created;
    }

    private static NewTopic request(TopicPlan topic) {
        Map<String, String> settings = new HashMap<>();
        topic.settings().forEach((name, value) -> settings.put(name, value.toString()));
        return new NewTopic(topic.name(), topic.partitions(), (short) topic.replicas())
                .configs(settings);
    }
}
