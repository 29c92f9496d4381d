package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.bson.Document;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What an index that is not unique holds, and for how long.
 *
 * @param fields paths of fields, in their order
 * @param partial what documents match that it holds; {@code null}: all
 * @param expireAfter how long after the time in its field a document is removed; {@code null}:
 *     never
 */
record IndexSpec(List<String> fields, Document partial, Duration expireAfter) {

    /**
     * What a description says.
     *
     * @param keys as the library has read them from it
     */
    static IndexSpec of(List<IndexKey> keys, Document description) {
        var fields = keys.stream().map(IndexKey::getKey).toList();
        var seconds = description.get("expireAfterSeconds");
        return new IndexSpec(
                fields,
                description.get("partialFilterExpression") instanceof Document partial
                        ? partial
                        : null,
                // of several fields: taken, without effect
                seconds instanceof Number number && fields.size() == 1
                        ? Duration.ofSeconds(number.longValue())
                        : null);
    }

    /**
     * Whether it can be kept. Others, such as those of texts or places, are taken without effect,
     * as is one with a collation: queries find the same without them.
     */
    static boolean isPossible(Document description) {
        return !description.containsKey("collation")
                && description.get("key") instanceof Document key
                && key.entrySet().stream()
                        .allMatch(
                                field ->
                                        field.getValue() instanceof Number
                                                && isPath(field.getKey()));
    }

    private static boolean isPath(String path) {
        return !path.contains("$")
                && !path.contains("..")
                && !path.startsWith(".")
                && !path.endsWith(".");
    }

    /** What keys an index has: where that changes, it is made anew. */
    String signature() {
        return fields + " " + Objects.toString(partial, "");
    }

    /** Whether a query asks for no other documents than those that the index holds. */
    boolean holdsAll(Document query) {
        return partial == null
                || partial.entrySet().stream()
                        .allMatch(
                                condition -> {
                                    var wanted =
                                            Range.of(
                                                    new Document(
                                                            condition.getKey(),
                                                            condition.getValue()),
                                                    condition.getKey());
                                    var asked = Range.of(query, condition.getKey());
                                    return Range.isPoint(wanted) && wanted.equals(asked);
                                });
    }
}
