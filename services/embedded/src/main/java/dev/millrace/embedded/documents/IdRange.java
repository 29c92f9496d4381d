package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.MVMap;

import java.util.List;

/**
 * Documents that are next to each other in their collection: those with an {@code _id} between two
 * texts, among which may be some with other ones.
 *
 * @param from inclusive; {@code null}: the first document
 * @param to inclusive; {@code null}: the last one
 */
record IdRange(Object from, Object to) {

    static final IdRange ALL = new IdRange(null, null);

    /** Where the documents are that a query can match; {@code null} for everywhere. */
    static List<IdRange> of(Document query) {
        var ranges = Range.of(query, "_id");
        return ranges == null || !ranges.stream().allMatch(IdRange::isOfTexts)
                ? null
                : ranges.stream().map(IdRange::of).toList();
    }

    private static boolean isOfTexts(Range range) {
        return SortValue.kind(range.low()) == SortValue.Kind.STRING
                && SortValue.kind(range.high()) == SortValue.Kind.STRING;
    }

    private static IdRange of(Range range) {
        return new IdRange(
                SortValue.isEdge(range.low()) ? "" : range.low(),
                SortValue.isEdge(range.high()) ? null : range.high());
    }

    /** How many documents there are. */
    long count(MVMap<Object, Document> documents) {
        var end = to == null ? documents.sizeAsLong() : rank(documents, to) + 1;
        return end - (from == null ? 0 : rank(documents, from));
    }

    private static long rank(MVMap<Object, Document> documents, Object id) {
        var index = documents.getKeyIndex(id);
        return index < 0 ? -index - 1 : index;
    }
}
