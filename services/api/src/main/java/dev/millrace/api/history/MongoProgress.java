package dev.millrace.api.history;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;

import dev.millrace.api.history.BucketSource.Position;

import org.bson.Document;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Progress in Mongo: one document, with the lease of who may go on. */
final class MongoProgress implements ProgressStore {
    private static final String HOLDER = "holder";
    private static final String UNTIL = "until";
    private static final String EPOCH = "epoch";

    private final MongoCollection<Document> progress;
    private final String id;

    MongoProgress(MongoCollection<Document> progress, String id) {
        this.progress = progress;
        this.id = id;
    }

    @Override
    public Progress acquire(String holder, Instant now, Duration lease) {
        Document free =
                new Document("_id", id)
                        .append(
                                "$or",
                                List.of(
                                        new Document(HOLDER, holder),
                                        new Document(UNTIL, new Document("$lt", Date.from(now)))));
        Document noted =
                progress.findOneAndUpdate(
                        free,
                        Updates.combine(
                                Updates.set(HOLDER, holder),
                                Updates.set(UNTIL, Date.from(now.plus(lease)))),
                        new FindOneAndUpdateOptions().returnDocument(ReturnDocument.AFTER));
        if (noted != null) {
            return ProgressCodec.decode(noted);
        }
        if (progress.find(Filters.eq("_id", id)).first() != null) {
            return null;
        }
        // above the epochs of any progress that somebody may have removed
        noted =
                new Document("_id", id)
                        .append(HOLDER, holder)
                        .append(UNTIL, Date.from(now.plus(lease)))
                        .append(EPOCH, TimeUnit.MILLISECONDS.toMinutes(now.toEpochMilli()));
        try {
            progress.insertOne(noted);
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
                return null;
            }
            throw e;
        }
        return ProgressCodec.decode(noted);
    }

    @Override
    public boolean save(String holder, long epoch, Progress next) {
        return progress.updateOne(
                                new Document("_id", id).append(HOLDER, holder).append(EPOCH, epoch),
                                new Document("$set", ProgressCodec.encode(next)))
                        .getMatchedCount()
                > 0;
    }

    @Override
    public void release(String holder) {
        progress.updateOne(
                Filters.and(Filters.eq("_id", id), Filters.eq(HOLDER, holder)),
                Updates.set(UNTIL, new Date(0)));
    }

    @Override
    public Progress noted() {
        Document noted = progress.find(Filters.eq("_id", id)).first();
        return noted == null ? null : ProgressCodec.decode(noted);
    }

    /** Progress in documents. */
    private static final class ProgressCodec {
        static Document encode(Progress one) {
            return new Document(EPOCH, one.epoch())
                    .append("era", one.era())
                    .append("done", one.done())
                    .append("caughtUp", one.caughtUp())
                    .append("base", one.base())
                    .append("began", one.began())
                    .append(
                            "target",
                            one.target().entrySet().stream()
                                    .map(
                                            entry ->
                                                    new Document("p", entry.getKey())
                                                            .append("o", entry.getValue()))
                                    .toList())
                    .append("lost", one.lost())
                    .append("guardBase", one.guardBase())
                    .append("guardBefore", one.guardBefore())
                    .append("asOf", one.asOf())
                    .append("now", one.now())
                    .append("positions", encode(one.positions()))
                    .append("lostThen", one.lostThen())
                    .append("valid", one.valid())
                    .append("rejected", one.rejected())
                    .append("late", one.late())
                    .append("whole", encode(one.whole()));
        }

        private static List<Document> encode(Map<String, Position> positions) {
            return positions.entrySet().stream()
                    .map(
                            entry ->
                                    new Document("p", entry.getKey())
                                            .append("o", entry.getValue().offset())
                                            .append("w", entry.getValue().watermark()))
                    .toList();
        }

        /** Those of a field that progress of earlier releases may not have. */
        private static Map<String, Position> positions(Document noted, String field) {
            Map<String, Position> positions = new HashMap<>();
            for (Document one : noted.getList(field, Document.class, List.of())) {
                positions.put(one.getString("p"), new Position(number(one, "o"), number(one, "w")));
            }
            return Map.copyOf(positions);
        }

        static Progress decode(Document noted) {
            if (!noted.containsKey("base")) {
                return Progress.first(number(noted, EPOCH));
            }
            Map<String, Long> target = new HashMap<>();
            for (Document one : noted.getList("target", Document.class)) {
                target.put(one.getString("p"), number(one, "o"));
            }
            return new Progress(
                    number(noted, EPOCH),
                    noted.getString("era"),
                    number(noted, "done"),
                    noted.getBoolean("caughtUp"),
                    number(noted, "base"),
                    number(noted, "began"),
                    Map.copyOf(target),
                    number(noted, "lost"),
                    number(noted, "guardBase"),
                    number(noted, "guardBefore"),
                    number(noted, "asOf"),
                    number(noted, "now"),
                    positions(noted, "positions"),
                    number(noted, "lostThen"),
                    number(noted, "valid"),
                    number(noted, "rejected"),
                    number(noted, "late"),
                    positions(noted, "whole"));
        }

        private static long number(Document document, String field) {
            return document.get(field, Number.class).longValue();
        }
    }
}
