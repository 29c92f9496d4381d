package dev.millrace.audit.document;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** JSON of all shapes, with the names and texts that are hard to keep. */
public final class RandomJson {
    private static final List<String> NAMES =
            List.of(
                    "a",
                    "b",
                    "$set",
                    "a.b",
                    "_id",
                    "__proto__",
                    "toString",
                    "constructor",
                    "",
                    "%",
                    "%24",
                    "doc_type",
                    "_time",
                    "$",
                    ".",
                    "\\u0000",
                    "\\ud83d\\ude00",
                    "été",
                    "\\\"q\\\"",
                    "key with spaces",
                    "$oid",
                    "$date",
                    "$numberLong",
                    "0");
    private static final List<String> TEXTS =
            List.of(
                    "",
                    "x",
                    "\\u0000",
                    "😀",
                    "\\ud83d\\ude00",
                    "a\\nb",
                    "2026-01-01",
                    "$x",
                    "null");
    private static final List<String> NUMBERS =
            List.of(
                    "0",
                    "-1",
                    "2147483648",
                    "9223372036854775807",
                    "1.5",
                    "-2e-7",
                    "1e300",
                    "92233720368547758080");

    private RandomJson() {}

    /** A value with so many levels below it at most. */
    public static String value(Random random, int levels) {
        int kind = random.nextInt(levels > 0 ? 8 : 5);
        return switch (kind) {
            case 0 -> "null";
            case 1 -> "" + random.nextBoolean();
            case 2 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
            case 3, 4 -> "\"" + TEXTS.get(random.nextInt(TEXTS.size())) + "\"";
            case 5 -> "[" + String.join(",", items(random, levels - 1)) + "]";
            default -> object(random, levels - 1);
        };
    }

    /** An object; of some of its names there are two. */
    public static String object(Random random, int levels) {
        List<String> fields = new ArrayList<>();
        for (String value : items(random, levels)) {
            fields.add("\"" + NAMES.get(random.nextInt(NAMES.size())) + "\":" + value);
        }
        return "{" + String.join(",", fields) + "}";
    }

    private static List<String> items(Random random, int levels) {
        List<String> items = new ArrayList<>();
        for (int count = random.nextInt(5); count > 0; count--) {
            items.add(value(random, levels));
        }
        return items;
    }
}
