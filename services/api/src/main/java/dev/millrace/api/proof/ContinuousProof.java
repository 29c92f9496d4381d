package dev.millrace.api.proof;

import com.mongodb.MongoException;

import dev.millrace.api.mongo.MongoStore;
import dev.millrace.api.proof.ProvenBucket.Result;
import dev.millrace.api.worker.Worker;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.pipeline.plan.Plan;

import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Proves some closed buckets each minute, in a thread of its own, and says so aloud when one
 * differs.
 */
public final class ContinuousProof extends Worker {
    private static final Logger log = LoggerFactory.getLogger(ContinuousProof.class);

    private final Plan plan;
    private final Supplier<RedisClusterAsyncCommands<String, String>> redis;
    private final Duration patience;
    private final MongoStore mongo;
    private final String events;
    private final ProofSettings settings;
    private final ProofLog proofs;
    private final Random random = new Random();

    /** The thread's own: of the buckets that differ, the one to look at next. */
    private int turn;

    /**
     * A proof that does not run yet.
     *
     * @param redis gives a connection; may fail while Redis is away
     * @param patience how long Redis may take for an answer
     * @param mongo the audit's store, closed in the end; without one nothing can be proven
     * @param events the audit's collection
     */
    ContinuousProof(
            Plan plan,
            Supplier<RedisClusterAsyncCommands<String, String>> redis,
            Duration patience,
            MongoStore mongo,
            String events,
            ProofSettings settings,
            ProofLog proofs) {
        super(Thread.ofPlatform().daemon().name("millrace-proof"));
        this.plan = plan;
        this.redis = redis;
        this.patience = patience;
        this.mongo = mongo;
        this.events = events;
        this.settings = settings;
        this.proofs = proofs;
    }

    @Override
    public synchronized void start() {
        if (!settings.enabled()) {
            proofs.waits("it is switched off: millrace.api.proof.enabled is false");
        } else if (!mongo.isGiven()) {
            proofs.waits("MONGODB_URI is not set, so the API cannot read the audit's records");
        } else {
            super.start();
        }
    }

    /** Proves some buckets. */
    @Override
    protected Duration work() throws InterruptedException {
        long begin = System.nanoTime();
        try {
            Prover prover = new Prover(plan, redis.get(), patience, mongo.database(), events);
            Optional<String> obstacle = prover.obstacle();
            if (obstacle.isPresent()) {
                proofs.waits(obstacle.get());
            } else {
                prove(prover);
            }
        } catch (MongoException e) {
            proofs.waits("the audit's records cannot be read: " + firstLine(e));
        } catch (RedisException | DataAccessException e) {
            proofs.waits("Redis cannot be read: " + firstLine(e));
        } catch (RuntimeException e) {
            // Live numbers are served all the same.
            log.warn("Nothing could be proven", e);
            proofs.waits("it failed: " + e);
        }
        return longer(rest(begin, settings.share()), settings.every());
    }

    @Override
    protected void end() {
        mongo.close();
    }

    private void prove(Prover prover) throws InterruptedException {
        List<Bucket> there = prover.buckets();
        proofs.retain(there.stream().map(Bucket::key).collect(Collectors.toSet()));
        List<Bucket> again = differing(there);
        if (!again.isEmpty()) {
            note(prover.prove(again, limits()));
        }
        List<Bucket> closed = prover.closed(there);
        if (!closed.isEmpty()) {
            note(prover.prove(some(closed), limits()));
        } else if (again.isEmpty()) {
            proofs.waits("no window is closed yet");
        }
    }

    /** Buckets that differed are looked at again, in turn, until they are right or gone. */
    private List<Bucket> differing(List<Bucket> there) {
        Map<String, Bucket> byKey =
                there.stream().collect(Collectors.toMap(Bucket::key, bucket -> bucket));
        List<Bucket> differing =
                new ArrayList<>(proofs.differing().stream().map(byKey::get).toList());
        Collections.rotate(differing, -turn);
        List<Bucket> some =
                List.copyOf(differing.subList(0, Math.min(differing.size(), settings.buckets())));
        turn = differing.isEmpty() ? 0 : (turn + some.size()) % differing.size();
        return some;
    }

    private Prover.Limits limits() {
        return new Prover.Limits(settings.behind().plus(plan.audit().flush()), settings.longest());
    }

    /**
     * Buckets at random, but of one time: the records of one span of time are read once for all
     * metrics.
     */
    private List<Bucket> some(List<Bucket> closed) {
        Bucket one = closed.get(random.nextInt(closed.size()));
        List<Bucket> same =
                new ArrayList<>(
                        closed.stream()
                                .filter(
                                        bucket ->
                                                bucket.start() == one.start()
                                                        && bucket.granularity() == one.granularity()
                                                        && bucket.metric().stream()
                                                                .equals(one.metric().stream()))
                                .toList());
        Collections.shuffle(same, random);
        return same.subList(0, Math.min(same.size(), settings.buckets()));
    }

    private void note(List<ProvenBucket> proven) {
        proofs.add(proven);
        for (ProvenBucket one : proven) {
            if (one.result() == Result.different) {
                log.error(
                        "{} in Redis differs from the audit's records in {} entries, at most by {}"
                                + " (in \"{}\"): {} against {}",
                        one.bucket().key(),
                        one.difference().entries(),
                        one.difference().largest(),
                        one.difference().entry(),
                        one.fromRedis(),
                        one.fromAudit());
            }
        }
    }

    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
