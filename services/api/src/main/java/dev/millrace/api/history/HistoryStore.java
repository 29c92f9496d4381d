package dev.millrace.api.history;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;

import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.Clock;

import org.bson.Document;
import org.bson.conversions.Bson;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * History in Mongo: one document for each bucket, found by its {@code _id} alone, and beside them
 * how far history is written. Several pipelines may share a database.
 *
 * @see TallyCodec
 */
final class HistoryStore implements Archive {
    static final String COLLECTION = "history";
    static final String PROGRESS = "history_progress";

    private static final Logger log = LoggerFactory.getLogger(HistoryStore.class);
    private static final int IDS_AT_ONCE = 500;
    private static final String START = "t";
    private static final String VERSION = "v";
    private static final String PARTS = "parts";
    private static final String ALL = "a";
    private static final String GROUPS = "g";
    private static final String KEY = "k";
    private static final String OTHER = "o";
    private static final String OTHER_GROUPS = "og";
    private static final String EXPIRES = "x";

    private final Plan plan;
    private final MongoCollection<Document> buckets;
    private final MongoCollection<Document> progress;
    private final MongoProgress own;
    private final Map<String, String> prefixes = new HashMap<>();
    private final Map<String, Long> begins = new HashMap<>();

    HistoryStore(Plan plan, MongoDatabase database) {
        this.plan = plan;
        this.buckets = database.getCollection(COLLECTION);
        this.progress = database.getCollection(PROGRESS);
        this.own = new MongoProgress(progress, plan.name());
        plan.measures()
                .forEach(
                        metric ->
                                prefixes.put(
                                        metric.name(),
                                        String.join(
                                                "|",
                                                plan.name(),
                                                metric.name(),
                                                Definition.of(metric, plan))));
    }

    /** Makes the index that removes what is older than it shall be kept. */
    void prepare() {
        try {
            buckets.createIndex(
                    new Document(EXPIRES, 1),
                    new IndexOptions().name("history_expiry").expireAfter(0L, TimeUnit.SECONDS));
        } catch (MongoCommandException e) {
            log.warn(
                    "No index history_expiry on {}: {}. Old history is removed all the same",
                    buckets.getNamespace(),
                    e.getErrorMessage());
        }
    }

    @Override
    public Progress acquire(String holder, Instant now, Duration lease) {
        return own.acquire(holder, now, lease);
    }

    @Override
    public boolean save(String holder, long epoch, Progress next) {
        return own.save(holder, epoch, next);
    }

    /** Gives the lease back, so that another replica need not wait for its end. */
    void release(String holder) {
        own.release(holder);
    }

    /** How far history is written; {@code null} where nothing is. */
    Progress noted() {
        return own.noted();
    }

    /** How far something else is written from the same buckets. */
    ProgressStore progress(String part) {
        return new MongoProgress(progress, plan.name() + "|" + part);
    }

    @Override
    public void write(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (Entry entry : entries) {
            Document document = document(entry);
            writes.add(
                    new ReplaceOneModel<>(
                            guard(document, entry), document, new ReplaceOptions().upsert(true)));
        }
        try {
            buckets.bulkWrite(writes, new BulkWriteOptions().ordered(false));
        } catch (MongoBulkWriteException e) {
            // where the guard does not match, the insert finds the document that is there
            boolean onlyGuarded =
                    e.getWriteConcernError() == null
                            && e.getWriteErrors().stream()
                                    .allMatch(
                                            error ->
                                                    error.getCategory()
                                                            == ErrorCategory.DUPLICATE_KEY);
            if (!onlyGuarded) {
                throw e;
            }
        }
        noteBegins(entries);
    }

    /** Written out: within a {@code $and} not every store would look for the {@code _id}. */
    private static Document guard(Document document, Entry entry) {
        Document version = new Document("$lt", entry.version());
        if (entry.atLeast() > 0) {
            version.append("$gte", entry.atLeast());
        }
        Document guard = new Document("_id", document.get("_id")).append(VERSION, version);
        if (entry.parts() > 0) {
            guard.append(PARTS, new Document("$lte", entry.parts()));
        }
        return guard;
    }

    /** Notes since when there is any history of a metric. */
    private void noteBegins(List<Entry> entries) {
        Map<String, Long> earlier = new HashMap<>();
        for (Entry entry : entries) {
            // an hour may begin before its first minute
            if (isShortest(entry.bucket())) {
                earlier.merge(prefix(entry.bucket()), entry.bucket().start(), Math::min);
            }
        }
        earlier.forEach(
                (prefix, start) -> {
                    if (start < begins.getOrDefault(prefix, Long.MAX_VALUE)) {
                        try {
                            progress.updateOne(
                                    Filters.eq("_id", prefix),
                                    Updates.min(START, new Date(start)),
                                    new UpdateOptions().upsert(true));
                        } catch (MongoWriteException e) {
                            if (e.getError().getCategory() != ErrorCategory.DUPLICATE_KEY) {
                                throw e;
                            }
                            return;
                        }
                        begins.put(prefix, start);
                    }
                });
    }

    private static boolean isShortest(Bucket bucket) {
        return bucket.granularity() != Granularity.ALL
                && bucket.metric().granularities().stream()
                        .noneMatch(other -> other.millis() < bucket.granularity().millis());
    }

    /** When the first bucket of a metric begins that was written. */
    OptionalLong begin(MeasurePlan metric) {
        Document noted = progress.find(Filters.eq("_id", prefixes.get(metric.name()))).first();
        return noted == null || noted.getDate(START) == null
                ? OptionalLong.empty()
                : OptionalLong.of(noted.getDate(START).getTime());
    }

    @Override
    public Map<Bucket, Rollup> read(Collection<Bucket> wanted) {
        return read(wanted, null, document -> true);
    }

    /** The same without groups. */
    Map<Bucket, Rollup> readWhole(Collection<Bucket> wanted) {
        return read(wanted, Projections.include(START, ALL), document -> true);
    }

    /** The same with one group at most; a rollup that lacks it has its others. */
    Map<Bucket, Rollup> readGroup(Collection<Bucket> wanted, String key) {
        return read(
                wanted,
                Projections.include(START, ALL, OTHER, OTHER_GROUPS, GROUPS + "." + field(key)),
                group -> key.equals(group.getString(KEY)));
    }

    private interface Choice {
        boolean takes(Document group);
    }

    private Map<Bucket, Rollup> read(Collection<Bucket> wanted, Bson projection, Choice choice) {
        Map<String, Bucket> byId = new LinkedHashMap<>();
        wanted.forEach(bucket -> byId.put(id(bucket), bucket));
        List<String> ids = List.copyOf(byId.keySet());
        Map<Bucket, Rollup> found = new HashMap<>();
        for (int i = 0; i < ids.size(); i += IDS_AT_ONCE) {
            List<String> some = ids.subList(i, Math.min(ids.size(), i + IDS_AT_ONCE));
            for (Document document : buckets.find(Filters.in("_id", some)).projection(projection)) {
                Bucket bucket = byId.get(document.getString("_id"));
                found.put(bucket, rollup(bucket.metric(), document, choice));
            }
        }
        return found;
    }

    /** Removes what is older than it shall be kept; Mongo does by itself, other stores may not. */
    long purge(Instant now) {
        return buckets.deleteMany(Filters.lt(EXPIRES, Date.from(now))).getDeletedCount();
    }

    private String prefix(Bucket bucket) {
        return prefixes.get(bucket.metric().name());
    }

    private String id(Bucket bucket) {
        return prefix(bucket)
                + "|"
                + bucket.granularity().text()
                + "|"
                + bucket.granularity().stamp(bucket.start());
    }

    private Document document(Entry entry) {
        Bucket bucket = entry.bucket();
        Rollup rollup = entry.rollup();
        Document document = new Document("_id", id(bucket));
        document.append(START, new Date(bucket.start()));
        document.append(VERSION, entry.version());
        document.append(PARTS, entry.parts());
        document.append(ALL, TallyCodec.encode(rollup.all()));
        if (!rollup.groups().isEmpty()) {
            Document groups = new Document();
            rollup.groups()
                    .forEach(
                            (key, tally) ->
                                    groups.append(
                                            field(key), TallyCodec.encode(tally).append(KEY, key)));
            document.append(GROUPS, groups);
        }
        if (rollup.other() != null) {
            document.append(OTHER, TallyCodec.encode(rollup.other()));
            document.append(OTHER_GROUPS, rollup.otherGroups());
        }
        Duration kept = kept(bucket.granularity());
        if (kept != null) {
            // the time of replayed events says nothing about how long to keep their numbers
            long from = plan.clock() == Clock.wall ? bucket.end() : System.currentTimeMillis();
            document.append(EXPIRES, new Date(from + kept.toMillis()));
        }
        return document;
    }

    /** How long buckets of a size are kept; {@code null}: for ever. */
    private Duration kept(Granularity granularity) {
        return switch (granularity) {
            case MINUTE -> plan.history().minutes();
            case HOUR -> plan.history().hours();
            case DAY -> plan.history().days();
            case ALL -> null;
        };
    }

    private static Rollup rollup(MeasurePlan metric, Document document, Choice choice) {
        Map<String, Tally> groups = new HashMap<>();
        Document there = document.get(GROUPS, Document.class);
        if (there != null) {
            for (Object value : there.values()) {
                Document group = (Document) value;
                if (choice.takes(group)) {
                    groups.put(group.getString(KEY), TallyCodec.decode(metric, group));
                }
            }
        }
        Document other = document.get(OTHER, Document.class);
        Number otherGroups = document.get(OTHER_GROUPS, Number.class);
        return new Rollup(
                TallyCodec.decode(metric, document.get(ALL, Document.class)),
                groups,
                other == null ? null : TallyCodec.decode(metric, other),
                otherGroups == null ? 0 : otherGroups.longValue());
    }

    /** A group's field: its name may hold what names of fields may not. */
    private static String field(String key) {
        return Definition.hash(key, 10);
    }
}
