package dev.millrace.embedded.documents;

import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.bson.ObjectId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Documents with the same few fields, of all types or without a value, and questions about them. Of
 * field {@code s} values have an order of their own; {@code u} has some that have none.
 */
final class RandomDocuments {

    static final List<String> FIELDS = List.of("a", "b", "n.x", "s", "t", "u");

    private final Random random;

    RandomDocuments(long seed) {
        this.random = new Random(seed);
    }

    Document document(int number) {
        var document = new Document("_id", id(number));
        if (random.nextInt(10) > 0) {
            document.append("a", plain());
        }
        if (random.nextInt(10) > 0) {
            document.append("b", any());
        }
        if (random.nextInt(10) > 0) {
            document.append("n", nested());
        }
        return document.append("s", (Object) random.nextInt(5_000))
                .append("t", random.nextInt(10) == 0 ? "x" : "y")
                .append("u", strange());
    }

    Object id(int number) {
        return number % 50 == 0 ? (Object) number : "k:%d:%d".formatted(number % 3, number);
    }

    private Object nested() {
        return switch (random.nextInt(5)) {
            case 0 ->
                    new ArrayList<>(
                            List.of(new Document("x", plain()), new Document("x", plain()), 5));
            case 1 -> "no document";
            default -> new Document("x", plain());
        };
    }

    /** Of types that an index orders. */
    Object plain() {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1, 2 -> random.nextInt(40) - 10;
            case 3 -> (random.nextInt(80) - 20) / 2.0;
            case 4 -> (long) random.nextInt(40) + (random.nextBoolean() ? 5_000_000_000L : 0);
            case 5 -> "v" + random.nextInt(30);
            case 6 -> random.nextBoolean();
            case 7 -> Instant.ofEpochMilli(1_000L * random.nextInt(30));
            default -> new ObjectId("%024x".formatted(random.nextInt(20)));
        };
    }

    /** Of other types, too. */
    private Object any() {
        return switch (random.nextInt(12)) {
            case 0 -> new ArrayList<>(Arrays.asList(plain(), plain()));
            case 1 -> new ArrayList<>();
            case 2 -> new Document("x", plain());
            default -> plain();
        };
    }

    private Object strange() {
        return switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
            case 2 -> 3_000_000_000L + random.nextInt(3);
            case 3 -> 3_000_000_000.5 + random.nextInt(3);
            case 4 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
            case 5 -> (1L << 53) + random.nextInt(4);
            case 6 -> random.nextBoolean() ? 1e300 : -0.0;
            default -> (double) (1L << 53) + random.nextInt(4);
        };
    }

    private Object of(String field) {
        return switch (field) {
            case "s" -> random.nextInt(5_000);
            case "t" -> random.nextBoolean() ? "x" : "y";
            case "u" -> strange();
            case "b" -> any();
            default -> plain();
        };
    }

    Document query() {
        return query(2);
    }

    private Document query(int depth) {
        var query = new Document();
        for (var i = random.nextInt(3); i >= 0; i--) {
            switch (depth == 0 ? 2 : random.nextInt(6)) {
                case 0 -> query.put("$and", List.of(query(depth - 1), query(depth - 1)));
                case 1 -> query.put("$or", List.of(query(depth - 1), query(depth - 1)));
                default -> {
                    if (random.nextInt(6) == 0) {
                        query.put("_id", idCondition());
                    } else {
                        var field = FIELDS.get(random.nextInt(FIELDS.size()));
                        query.put(field, condition(field));
                    }
                }
            }
        }
        return query;
    }

    private Object idCondition() {
        return switch (random.nextInt(4)) {
            case 0 -> id(random.nextInt(3_000));
            case 1 -> new Document("$in", List.of(id(random.nextInt(3_000)), id(7), "k:none"));
            case 2 -> new Document("$gte", "k:1:").append("$lt", "k:1;");
            default -> new Document("$gt", "k:" + random.nextInt(4) + ":5");
        };
    }

    private Object condition(String field) {
        return switch (random.nextInt(12)) {
            case 0, 1 -> of(field);
            case 2 -> new Document("$eq", of(field));
            case 3 -> new Document("$gte", of(field)).append("$lt", of(field));
            case 4 -> new Document("$gt", of(field));
            case 5 -> new Document("$lte", of(field));
            case 6 -> new Document("$in", Arrays.asList(of(field), of(field), of(field)));
            case 7 -> new Document("$ne", of(field));
            case 8 -> new Document("$exists", random.nextBoolean());
            case 9 -> new BsonRegularExpression("^v1", "");
            case 10 -> new Document("$not", new Document("$lt", of(field)));
            default -> narrow(field);
        };
    }

    private Document narrow(String field) {
        if (!field.equals("s")) {
            return new Document("$gte", of(field)).append("$lte", of(field));
        }
        var from = random.nextInt(5_000);
        return new Document("$gte", from).append("$lt", from + random.nextInt(300));
    }

    /** An order by fields whose values have one; {@code null} for none. */
    Document order() {
        var order = new Document();
        for (var i = random.nextInt(3); i > 0; i--) {
            order.put(
                    List.of("a", "s", "t", "_id", "n.x").get(random.nextInt(5)),
                    random.nextBoolean() ? 1 : -1);
        }
        return order.isEmpty() ? null : order;
    }

    Document update() {
        return switch (random.nextInt(4)) {
            case 0 -> new Document("$set", new Document("a", plain()).append("b", any()));
            case 1 -> new Document("$unset", new Document("a", ""));
            case 2 -> new Document("$set", new Document("t", random.nextBoolean() ? "x" : "y"));
            default -> new Document("$inc", new Document("s", random.nextInt(500)));
        };
    }

    int below(int bound) {
        return random.nextInt(bound);
    }
}
