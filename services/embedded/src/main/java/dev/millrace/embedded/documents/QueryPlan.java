package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.backend.DefaultQueryMatcher;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryMatcher;
import de.bwaldvogel.mongo.bson.Document;

import org.h2.mvstore.MVMap;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * How one query is answered: by the way that looks at the fewest documents. Whatever the way, each
 * document is compared with the whole query.
 */
final class QueryPlan {

    /** What it takes to get at a document by an index, where the next one of a scan takes 1. */
    private static final int BY_INDEX = 4;

    /** So many documents are looked at without looking for a better way. */
    private static final int FEW = 1_000;

    /** Which part of what another way takes may be spent on trying to find all in order. */
    private static final int TRIAL = 50;

    private final MVMap<Object, Document> documents;
    private final List<Index<Object>> indexes;
    private final Document query;
    private final QueryMatcher matcher = new DefaultQueryMatcher();

    /**
     * A plan.
     *
     * @param indexes of the collection
     */
    QueryPlan(MVMap<Object, Document> documents, List<Index<Object>> indexes, Document query) {
        this.documents = documents;
        this.indexes = indexes;
        this.query = query;
    }

    /**
     * A way to the documents that may match.
     *
     * @param cost against others
     * @param isStable whether it finds the same where found documents are changed meanwhile
     */
    private record Way(
            long cost, boolean isStable, Supplier<Iterator<Map.Entry<Object, Document>>> matches) {}

    /** The documents that match, in no order; in the collection's own where no index is used. */
    Iterator<Map.Entry<Object, Document>> matches() {
        return best().matches().get();
    }

    /** The same for one who changes the documents while going through them. */
    Iterator<Map.Entry<Object, Document>> matchesToChange() {
        var way = best();
        if (way.isStable()) {
            return way.matches().get();
        }
        List<Object> positions = new ArrayList<>();
        way.matches().get().forEachRemaining(found -> positions.add(found.getKey()));
        return at(positions);
    }

    /**
     * The documents that match, in an order.
     *
     * @param most how many; 0 for all
     */
    Iterator<Map.Entry<Object, Document>> sorted(SortOrder order, long most) {
        var best = best();
        var few = Math.max(FEW, 2 * most);
        if (order.first() != null && best.cost() > few) {
            for (var index : indexes) {
                var walk =
                        index instanceof OrderedIndex ordered
                                ? ordered.walk(query, order.first(), order.isAscending())
                                : null;
                boolean isWhole = walk != null && most == 0;
                if (isWhole && BY_INDEX * index.getCount() <= TRIAL * best.cost()) {
                    return walked((OrderedIndex) index, walk, order);
                }
                var positions =
                        walk == null || isWhole
                                ? null
                                : firstOf(
                                        (OrderedIndex) index,
                                        walk,
                                        order,
                                        most,
                                        few + best.cost() / TRIAL);
                if (positions != null) {
                    return at(positions);
                }
            }
        }
        var first = order.first(most);
        best.matches().get().forEachRemaining(first::add);
        return at(first.positions());
    }

    private Iterator<Map.Entry<Object, Document>> walked(
            OrderedIndex index, OrderedWalk walk, SortOrder order) {
        return new Candidates<>(
                walk,
                group -> {
                    var all = order.first(0);
                    in(index, group).forEachRemaining(all::add);
                    return all.positions().iterator();
                },
                this::match);
    }

    /** The first ones along an index; {@code null} where too many others are in between. */
    private List<Object> firstOf(
            OrderedIndex index, OrderedWalk walk, SortOrder order, long most, long tries) {
        List<Object> positions = new ArrayList<>();
        var left = tries;
        while (walk.hasNext() && positions.size() < most) {
            var group = walk.next();
            var first = order.first(most - positions.size());
            var keys = new Scan<>(index.entries(), group.from(), group.to());
            while (keys.hasNext()) {
                if (left-- == 0) {
                    return null;
                }
                var found = match(keys.next().getKey().position());
                if (found != null) {
                    first.add(found);
                }
            }
            positions.addAll(first.positions());
        }
        return positions;
    }

    private Way best() {
        for (var index : indexes) {
            if (index.canHandle(query)) {
                return new Way(0, true, () -> at(index.getPositions(query)));
            }
        }
        var best = new Way(documents.sizeAsLong(), true, () -> between(List.of(IdRange.ALL)));
        var ids = IdRange.of(query);
        if (ids != null) {
            best = better(best, cost(ids), true, () -> between(ids));
        }
        for (var index : indexes) {
            var keys = index instanceof OrderedIndex ordered ? ordered.find(query) : null;
            if (keys != null) {
                var ordered = (OrderedIndex) index;
                var count = keys.stream().mapToLong(range -> range.count(ordered.entries())).sum();
                best = better(best, BY_INDEX * count, false, () -> in(ordered, keys));
            }
        }
        return best;
    }

    private static Way better(
            Way best,
            long cost,
            boolean isStable,
            Supplier<Iterator<Map.Entry<Object, Document>>> matches) {
        return cost < best.cost() ? new Way(cost, isStable, matches) : best;
    }

    private long cost(List<IdRange> ids) {
        return ids.stream().mapToLong(range -> range.count(documents)).sum();
    }

    private Iterator<Map.Entry<Object, Document>> between(List<IdRange> ids) {
        return new Candidates<>(
                ids.iterator(),
                range -> new Scan<>(documents, range.from(), range.to()),
                found -> matcher.matches(found.getValue(), query) ? found : null);
    }

    private Iterator<Map.Entry<Object, Document>> in(OrderedIndex index, KeyRange range) {
        return in(index, List.of(range));
    }

    private Iterator<Map.Entry<Object, Document>> in(OrderedIndex index, List<KeyRange> ranges) {
        return new Candidates<>(
                ranges.iterator(),
                range -> new Scan<>(index.entries(), range.from(), range.to()),
                found -> match(found.getKey().position()));
    }

    private Iterator<Map.Entry<Object, Document>> at(Iterable<Object> positions) {
        return new Candidates<>(List.of(positions).iterator(), Iterable::iterator, this::match);
    }

    /** The document at a position; {@code null} where there is none that matches. */
    private Map.Entry<Object, Document> match(Object position) {
        var document = documents.get(position);
        return document != null && matcher.matches(document, query)
                ? Map.entry(position, document)
                : null;
    }
}
