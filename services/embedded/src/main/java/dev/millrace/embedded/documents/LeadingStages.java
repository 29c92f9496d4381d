package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.bson.Document;

import java.util.ArrayList;
import java.util.List;

/**
 * The stages at the start of an aggregation that are a query: $match, $sort, $skip and $limit, in
 * that order. The collection answers them, by its indexes, before the library's stages see any
 * document.
 */
final class LeadingStages {

    private static final ScopedValue<LeadingStages> CURRENT = ScopedValue.newInstance();

    private final String collection;
    private final List<Object> rest;
    private final List<Document> matches = new ArrayList<>();
    private Document sort;
    private int skip;
    private int limit;
    private boolean taken;

    private LeadingStages(String collection, List<?> pipeline) {
        this.collection = collection;
        this.rest = new ArrayList<>(pipeline);
    }

    /** Something that answers an aggregation. */
    interface Answer {
        Document to(Document aggregation);
    }

    /** Answers an aggregation without these stages, which the collection takes over. */
    static Document answer(String collection, Document aggregation, Answer answer) {
        if (!(aggregation.get("pipeline") instanceof List<?> pipeline)) {
            return answer.to(aggregation);
        }
        var leading = new LeadingStages(collection, pipeline);
        while (!leading.rest.isEmpty()
                && leading.rest.getFirst() instanceof Document stage
                && stage.size() == 1
                && leading.takes(stage)) {
            leading.rest.removeFirst();
        }
        var shorter = aggregation.clone();
        shorter.put("pipeline", leading.rest);
        return ScopedValue.where(CURRENT, leading).call(() -> answer.to(shorter));
    }

    /**
     * What a collection has to answer now: once, for the aggregation may read it again for other
     * stages.
     *
     * @return {@code null} for nothing
     */
    static LeadingStages take(String collection) {
        var leading = CURRENT.isBound() ? CURRENT.get() : null;
        if (leading == null || leading.taken || !leading.collection.equals(collection)) {
            return null;
        }
        leading.taken = true;
        return leading;
    }

    private boolean takes(Document stage) {
        var name = stage.keySet().iterator().next();
        var value = stage.get(name);
        if (limit > 0) {
            return false;
        }
        switch (name) {
            case "$match" -> {
                if (sort != null || skip > 0 || !(value instanceof Document match)) {
                    return false;
                }
                matches.add(match);
            }
            case "$sort" -> {
                if (sort != null || skip > 0 || !isOrder(value)) {
                    return false;
                }
                sort = (Document) value;
            }
            case "$skip" -> {
                if (skip > 0 || !isCount(value)) {
                    return false;
                }
                skip = ((Number) value).intValue();
            }
            case "$limit" -> {
                if (!isCount(value)) {
                    return false;
                }
                limit = ((Number) value).intValue();
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static boolean isOrder(Object value) {
        return value instanceof Document order
                && !order.isEmpty()
                && order.values().stream().allMatch(Number.class::isInstance)
                && order.keySet().stream().noneMatch(field -> field.startsWith("$"));
    }

    private static boolean isCount(Object value) {
        return value instanceof Number number
                && number.longValue() == number.doubleValue()
                && number.longValue() > 0
                && number.longValue() < Integer.MAX_VALUE;
    }

    Document query() {
        return switch (matches.size()) {
            case 0 -> new Document();
            case 1 -> matches.getFirst();
            default -> new Document("$and", matches);
        };
    }

    /** {@code null} for none. */
    Document sort() {
        return sort;
    }

    int skip() {
        return skip;
    }

    /** 0 for none. */
    int limit() {
        return limit;
    }
}
