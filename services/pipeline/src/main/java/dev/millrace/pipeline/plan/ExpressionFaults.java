package dev.millrace.pipeline.plan;

import dev.cel.common.CelIssue;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts what the compiler says of an expression into the words of the manifest.
 *
 * @param path where the expression is
 * @param variables the names that it may use
 * @param problems what to add to
 */
record ExpressionFaults(String path, Collection<String> variables, Problems problems) {
    private static final Pattern UNDECLARED =
            Pattern.compile("undeclared reference to '([^']+)'.*", Pattern.DOTALL);
    private static final Pattern OVERLOAD =
            Pattern.compile(
                    "found no matching overload for '([^']+)' applied to '(.+?)' \\(candidates: .*",
                    Pattern.DOTALL);
    private static final Pattern UNEXPECTED =
            Pattern.compile("(?:mismatched|extraneous) input '(.*)' expecting .*", Pattern.DOTALL);
    private static final Pattern UNREADABLE =
            Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
    private static final Pattern RESULT =
            Pattern.compile("expected type '(.+)' but found '(.+)'", Pattern.DOTALL);
    private static final Map<String, String> WORDS =
            Map.of("and", "&&", "or", "||", "not", "!", "AND", "&&", "OR", "||", "NOT", "!");

    void add(List<CelIssue> issues) {
        for (CelIssue issue : issues) {
            String message = issue.getMessage();
            String column = " (at column " + (issue.getSourceLocation().getColumn() + 1) + ")";
            Matcher undeclared = UNDECLARED.matcher(message);
            if (undeclared.matches()) {
                undeclared(undeclared.group(1), column);
                continue;
            }
            Matcher unreadable = UNREADABLE.matcher(message);
            Matcher unexpected = UNEXPECTED.matcher(message);
            if (unreadable.matches()) {
                problems.add(path, unreadable(unreadable.group(1).strip()) + column);
                return; // what follows a syntax error only confuses
            } else if (unexpected.matches()) {
                problems.add(path, unexpected(unexpected.group(1)) + column);
                return;
            }
            problems.add(path, typeError(message, column));
        }
    }

    private void undeclared(String name, String column) {
        if (problems.isUnusable("field", name) || problems.isUnusable("metric", name)) {
            return;
        }
        List<String> below =
                variables.stream().filter(variable -> variable.startsWith(name + ".")).toList();
        problems.add(
                path,
                "nothing is called \""
                        + name
                        + "\""
                        + (below.isEmpty()
                                ? Suggestion.of(name, variables)
                                : "; there is \"" + String.join("\", \"", below) + "\"")
                        + column);
    }

    private static String unreadable(String text) {
        return "\""
                + text
                + "\" cannot be read"
                + (text.equals("=") ? "; to compare, write ==" : "; texts need quotes around them");
    }

    private static String unexpected(String token) {
        if (token.equals("<EOF>")) {
            return "ends too early; complete the expression";
        }
        return "\""
                + token
                + "\" is not expected here"
                + (WORDS.containsKey(token) ? "; write " + WORDS.get(token) : "");
    }

    private static String typeError(String message, String column) {
        Matcher overload = OVERLOAD.matcher(message);
        if (overload.matches()) {
            String types = types(overload.group(2));
            boolean mixed = types.contains("double") && types.contains("int");
            return overload.group(1).replace("_", "")
                    + " cannot be applied to "
                    + types
                    + column
                    + (mixed
                            ? "; whole numbers and fractions do not mix: write 3.0 instead of 3, or double(x)"
                            : "");
        }
        Matcher result = RESULT.matcher(message);
        return result.matches()
                ? "is of type "
                        + types(result.group(2))
                        + ", needs "
                        + types(result.group(1))
                        + column
                : types(message) + column;
    }

    private static String types(String text) {
        return text.replace("google.protobuf.Timestamp", "timestamp")
                .replace("google.protobuf.Duration", "duration")
                .replaceAll("wrapper\\((\\w+)\\)", "$1 or null");
    }
}
