package dev.millrace.processor.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.processor.deadletter.DeadLetterSender;
import dev.millrace.processor.loop.PartitionProgress.Answer;
import dev.millrace.processor.state.FlushOutcome;
import dev.millrace.processor.state.Position;
import dev.millrace.processor.state.Taken;
import dev.millrace.processor.state.WindowStore;
import dev.millrace.processor.state.WrittenState;
import dev.millrace.testing.WholeBuckets;

import io.lettuce.core.RestoreArgs;
import io.lettuce.core.api.sync.RedisCommands;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The protocol of flushes against a plain model, in steps at random: several instances take, count
 * and flush partitions; they die before a flush is sent, or before they have its answer; they go on
 * when another one has taken their partitions; Redis goes back to what it was, forgets everything,
 * or keeps a part of a flush. In the end every number must be right.
 */
class FlushProtocolTest {
    private static final Integer MORE = Integer.getInteger("millrace.protocol.runs");
    private static final int RUNS = MORE == null ? 10 : MORE;
    private static final long SEED =
            Long.getLong("millrace.seed", MORE == null ? 1 : System.nanoTime());
    private static final int STEPS = 150;
    private static final int INSTANCES = 3;
    private static final Plan PLAN = ProcessorFixture.plan("protocol", "wall");
    private static final List<TopicPartition> PARTITIONS =
            List.of(
                    new TopicPartition("protocol-events", 0),
                    new TopicPartition("protocol-events", 1));

    @RegisterExtension static final WrittenState STATE = new WrittenState(PLAN);

    private final RedisCommands<String, String> redis = STATE.redis();
    private final WindowStore store = STATE.store();
    private Counting counting;
    private final Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> log =
            new HashMap<>();

    /** What each instance believes to own; an entry may be of the past. */
    private final List<Map<TopicPartition, Owned>> instances = new ArrayList<>();

    private final List<String> steps = new ArrayList<>();
    private Map<String, byte[]> saved = Map.of();
    private Model model;
    private Random random;

    /** A partition as an instance counts it. */
    private static final class Owned {
        private final PartitionProgress progress;
        private int next;

        Owned(PartitionProgress progress, int next) {
            this.progress = progress;
            this.next = next;
        }
    }

    @Test
    void everyEventCountsOnceInAnyOrderOfSteps() {
        for (int run = 0; run < RUNS; run++) {
            long seed = SEED + run;
            try {
                run(seed);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "with -Dmillrace.seed=" + seed + " after " + String.join(", ", steps), e);
            }
        }
    }

    private void run(long seed) {
        random = new Random(seed);
        counting = counting(random.nextInt(3) == 0 ? 1_000 : random.nextInt(6));
        model = new Model(seed);
        redis.flushall();
        saved = Map.of();
        instances.clear();
        for (int i = 0; i < INSTANCES; i++) {
            instances.add(new HashMap<>());
        }
        PARTITIONS.forEach(partition -> log.put(partition, new ArrayList<>()));
        store.begin();
        for (int i = 0; i < STEPS; i++) {
            step();
        }
        steps.add("to the end");
        instances.forEach(Map::clear);
        for (TopicPartition partition : PARTITIONS) {
            take(0, partition);
            while (!isDone(partition)) {
                count(0, partition, Integer.MAX_VALUE);
                flush(0, partition, true);
                if (!instances.getFirst().containsKey(partition)) {
                    take(0, partition);
                }
            }
        }
        assertThat(Model.seen(redis, PLAN.name())).isEqualTo(model.valid() + model.invalid());
        model.verify(redis, PLAN.name());
    }

    private Counting counting(int packAbove) {
        steps.clear();
        step("packs above " + packAbove);
        return new Counting(
                PLAN,
                store,
                new DeadLetterSender(
                        new MockProducer<>(
                                true, null, new ByteArraySerializer(), new ByteArraySerializer()),
                        PLAN.deadLetterTopic()),
                null,
                packAbove);
    }

    private boolean isDone(TopicPartition partition) {
        Owned owned = instances.getFirst().get(partition);
        return owned != null
                && owned.next == log.get(partition).size()
                && !owned.progress.isDirty();
    }

    private void step() {
        int instance = random.nextInt(INSTANCES);
        TopicPartition partition = PARTITIONS.get(random.nextInt(PARTITIONS.size()));
        boolean owns = instances.get(instance).containsKey(partition);
        int what = random.nextInt(100);
        if (what < 5) {
            repack();
        } else if (what < 15) {
            append();
        } else if (what < 25 || what < 45 && !owns) {
            take(instance, partition);
        } else if (what < 60) {
            count(instance, partition, 1 + random.nextInt(20));
        } else if (what < 80) {
            flush(instance, partition, true);
        } else if (what < 87) {
            // It dies after sending, or sends and has no answer: the flush may be applied or not.
            flush(instance, partition, false);
        } else if (what < 91) {
            step("dies " + instance);
            instances.get(instance).clear();
        } else if (what < 94) {
            save();
        } else if (what < 97) {
            goBack();
        } else if (what < 98) {
            step("forgets");
            redis.flushall();
        } else if (what < 99) {
            tear();
        } else {
            step("purges");
            store.purge(System.currentTimeMillis());
        }
    }

    private void step(String what) {
        steps.add(what);
    }

    private void append() {
        List<byte[]> events = model.events(2 * (1 + random.nextInt(8)), Instant.now());
        step("appends " + events.size());
        for (int i = 0; i < events.size(); i++) {
            TopicPartition partition = PARTITIONS.get(i % PARTITIONS.size());
            List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = log.get(partition);
            byte[] value = events.get(i);
            records.add(
                    new ConsumerRecord<>(
                            partition.topic(),
                            partition.partition(),
                            records.size(),
                            System.currentTimeMillis(),
                            TimestampType.LOG_APPEND_TIME,
                            0,
                            value.length,
                            null,
                            ByteBuffer.wrap(value),
                            new RecordHeaders(),
                            Optional.empty()));
        }
    }

    private void take(int instance, TopicPartition partition) {
        step("takes " + instance + ":" + partition.partition());
        Optional<Map<TopicPartition, Taken>> taken = store.take(List.of(partition));
        while (taken.isEmpty()) {
            store.begin();
            taken = store.take(List.of(partition));
        }
        Taken how = taken.get().get(partition);
        Position start = how.position().orElse(new Position(0, 0));
        instances
                .get(instance)
                .put(
                        partition,
                        new Owned(
                                new PartitionProgress(
                                        counting, partition, how.owner(), how.position(), start, 0),
                                Math.toIntExact(start.offset())));
    }

    private void count(int instance, TopicPartition partition, int most) {
        Owned owned = instances.get(instance).get(partition);
        if (owned == null) {
            return;
        }
        step("counts " + instance + ":" + partition.partition());
        List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = log.get(partition);
        for (int i = 0; i < most && owned.next < records.size(); i++) {
            owned.progress.count(records.get(owned.next++), System.currentTimeMillis());
        }
    }

    private void flush(int instance, TopicPartition partition, boolean answered) {
        Owned owned = instances.get(instance).get(partition);
        if (owned == null || !owned.progress.isDirty()) {
            return;
        }
        step(
                (answered ? "flushes " : "flushes unanswered ")
                        + instance
                        + ":"
                        + partition.partition());
        owned.progress.flush(0);
        owned.progress.settled().join();
        Answer answer = owned.progress.collect().orElseThrow();
        if (answer.outcome() instanceof FlushOutcome.Applied applied) {
            assertThat(applied.failedWrites()).as("writes that Redis refused").isZero();
        }
        if (!answered || !(answer.outcome() instanceof FlushOutcome.Applied)) {
            instances.get(instance).remove(partition);
        }
    }

    /** Whatever has a packed part gets it packed anew. */
    private void repack() {
        step("repacks");
        for (String bucket : redis.zrange("millrace:protocol:changes", 0, -1)) {
            if (new WholeBuckets(redis).isPacked(bucket)) {
                assertThat(store.repack(bucket)).isPositive();
            }
        }
    }

    private void save() {
        step("saves");
        saved = new HashMap<>();
        redis.keys("*").forEach(key -> saved.put(key, redis.dump(key)));
    }

    private void goBack() {
        if (saved.isEmpty()) {
            return;
        }
        step("goes back");
        redis.flushall();
        saved.forEach(
                (key, dump) -> redis.restore(key, dump, RestoreArgs.Builder.ttl(0).replace()));
    }

    /** The first commands of a flush, without the rest. */
    private void tear() {
        step("tears");
        redis.hincrby("millrace:protocol:meta", "sequence", 1);
        redis.incrby("hits:all", 3);
        redis.zadd("millrace:protocol:expiries", Double.POSITIVE_INFINITY, "bhits:all");
        redis.hincrby("millrace:protocol:totals", "valid", 3);
    }
}
