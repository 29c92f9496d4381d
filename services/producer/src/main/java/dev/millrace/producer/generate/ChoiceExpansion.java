package dev.millrace.producer.generate;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expands choices: {@code /products/{1..40}} stands for forty of them. */
final class ChoiceExpansion {
    /** Most values of a field; further ones are left out. */
    static final int MOST = 100_000;

    private static final Pattern RANGE = Pattern.compile("\\{([0-9]{1,9})\\.\\.([0-9]{1,9})}");

    private ChoiceExpansion() {}

    /** All values that the choices stand for, in their order; at most {@link #MOST}. */
    static List<String> expand(List<String> choices) {
        List<String> all = new ArrayList<>();
        choices.forEach(choice -> expand("", choice, all));
        return all;
    }

    private static void expand(String done, String rest, List<String> all) {
        Matcher range = RANGE.matcher(rest);
        if (!range.find()) {
            if (all.size() < MOST) {
                all.add(done + rest);
            }
            return;
        }
        String before = done + rest.substring(0, range.start());
        String after = rest.substring(range.end());
        int last = Integer.parseInt(range.group(2));
        for (int n = Integer.parseInt(range.group(1)); n <= last && all.size() < MOST; n++) {
            expand(before + n, after, all);
        }
    }
}
