package dev.millrace.api.history;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** The way to history in Mongo, made when it is first used. Safe for use by many threads. */
public final class History implements AutoCloseable {
    private static final String DATABASE = "millrace";

    private final Plan plan;
    private final String mongo;
    private final Duration longest;
    private MongoClient client;
    private HistoryStore store;

    /**
     * A way that is not taken yet.
     *
     * @param mongo the URI of the store; {@code null} or empty: there is none
     * @param longest how long an answer may take
     */
    History(Plan plan, String mongo, Duration longest) {
        this.plan = plan;
        this.mongo = mongo;
        this.longest = longest;
    }

    /** What is known of the past as a whole. */
    public record State(
            long asOf,
            long clock,
            Map<String, BucketSource.Position> positions,
            long valid,
            long rejected,
            long late) {}

    /** Why there is no history; empty where there is. */
    public Optional<String> obstacle() {
        if (!plan.history().enabled()) {
            return Optional.of("it is switched off: spec.history.enabled is false");
        }
        return mongo == null || mongo.isBlank()
                ? Optional.of("MONGODB_URI is not set, so the API has no store for it")
                : Optional.empty();
    }

    /** Whether there is a store, in which progress can be noted. */
    public boolean hasStore() {
        return mongo != null && !mongo.isBlank();
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
            ConnectionString address = new ConnectionString(mongo);
            client =
                    MongoClients.create(
                            MongoClientSettings.builder()
                                    .applyConnectionString(address)
                                    .applicationName("millrace-history")
                                    .retryReads(false)
                                    .applyToClusterSettings(
                                            cluster ->
                                                    cluster.serverSelectionTimeout(
                                                            2, TimeUnit.SECONDS))
                                    .applyToConnectionPoolSettings(
                                            pool ->
                                                    pool.maxSize(4)
                                                            .maxWaitTime(2, TimeUnit.SECONDS))
                                    .applyToSocketSettings(
                                            socket ->
                                                    socket.connectTimeout(2, TimeUnit.SECONDS)
                                                            .readTimeout(
                                                                    longest.toMillis(),
                                                                    TimeUnit.MILLISECONDS))
                                    .build());
            store =
                    new HistoryStore(
                            plan,
                            client.getDatabase(
                                    Objects.requireNonNullElse(address.getDatabase(), DATABASE)));
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
                        progress.late()));
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
    OptionalLong begin(MeasurePlan metric) {
        return store().begin(metric);
    }

    @Override
    public synchronized void close() {
        if (client != null) {
            client.close();
            client = null;
            store = null;
        }
    }
}
