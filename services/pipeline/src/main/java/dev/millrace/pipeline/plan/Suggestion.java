package dev.millrace.pipeline.plan;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Finds what a person most likely meant by a name that does not exist. */
public final class Suggestion {
    private Suggestion() {}

    /**
     * The end of an error's sentence: {@code ; did you mean "user_id"?}, or the known names where
     * none is near, or nothing where there are none.
     */
    public static String of(String name, Iterable<String> known) {
        String nearest = null;
        int least = Integer.MAX_VALUE;
        for (String candidate : known) {
            int distance =
                    name.length() >= 3 && normalized(candidate).startsWith(normalized(name))
                            ? 1
                            : distance(normalized(name), normalized(candidate));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        if (nearest == null) {
            return "";
        }
        if (least <= Math.max(1, name.length() / 3)) {
            return "; did you mean \"" + nearest + "\"?";
        }
        return "; there is "
                + StreamSupport.stream(known.spliterator(), false)
                        .limit(30)
                        .map(text -> '"' + text + '"')
                        .collect(Collectors.joining(", "));
    }

    private static String normalized(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** Levenshtein's distance, over two rows of the table. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
