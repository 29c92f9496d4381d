package dev.millrace.api.history;

import dev.millrace.api.mongo.MongoStore;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The way to history in Mongo, made when it is first used. Safe for use by many threads. */
public final class History implements AutoCloseable {
    private final Plan plan;
    private final MongoStore mongo;
    private HistoryStore store;

    /**
     * A way that is not taken yet.
     *
     * @param mongo where it is, closed with this
     */
    History(Plan plan, MongoStore mongo) {
        this.plan = plan;
        this.mongo = mongo;
    }

    /**
     * What is known of the past as a whole.
     *
     * @param asOf when history was complete last, in milliseconds since 1970
     * @param clock the pipeline's clock then
     * @param positions what history stands for at most
     * @param whole what it stands for at least; empty where that is not known
     */
    public record State(
            long asOf,
            long clock,
            Map<String, BucketSource.Position> positions,
            long valid,
            long rejected,
            long late,
            Map<String, BucketSource.Position> whole) {}

    /** Why there is no history; empty where there is. */
    public Optional<String> obstacle() {
        if (!plan.history().enabled()) {
            return Optional.of("it is switched off: spec.history.enabled is false");
        }
        return hasStore()
                ? Optional.empty()
                : Optional.of("MONGODB_URI is not set, so the API has no store for it");
    }

    /** Whether there is a store, in which progress can be noted. */
    public boolean hasStore() {
        return mongo.isGiven();
    }

    /**
     * How far something else is written from the same buckets, beside the progress of history.
     *
     * @param what its name
     * @param target where it is written: another one has a progress of its own
     * @throws com.mongodb.MongoException where the store cannot be used
     */
    public ProgressStore progress(String what, String target) {
        return store().progress(what + "|" + Definition.hash(target, 6));
    }

    synchronized HistoryStore store() {
        if (store == null) {
            store = new HistoryStore(plan, mongo.database());
        }
        return store;
    }

    /**
     * How far it is written; empty where it never was complete.
     *
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Optional<State> state() {
        Progress progress = store().noted();
        if (progress == null || progress.asOf() == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new State(
                        progress.asOf(),
                        progress.now(),
                        progress.positions(),
                        progress.valid(),
                        progress.rejected(),
                        progress.late(),
                        progress.whole()));
    }

    /**
     * Rollups of buckets; those that are not there are not in the answer.
     *
     * @throws com.mongodb.MongoException where the store does not answer
     */
    public Map<Bucket, Rollup> read(Collection<Bucket> buckets) {
        return store().read(buckets);
    }

    /** When the first bucket of a metric begins. */
    public OptionalLong begin(MeasurePlan metric) {
        return store().begin(metric);
    }

    @Override
    public synchronized void close() {
        mongo.close();
        store = null;
    }
}
