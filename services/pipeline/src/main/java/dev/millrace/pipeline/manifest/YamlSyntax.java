package dev.millrace.pipeline.manifest;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is wrong with a text as YAML. Manifests are applied with {@code kubectl} too, so what that
 * would read otherwise than it is read here is refused: words and numbers that only some YAML
 * readers take for other values, and aliases.
 */
final class YamlSyntax {
    /** YAML 1.1, which kubectl reads, takes these for true, false or null. */
    private static final Pattern WORD =
            Pattern.compile("[yYnN]|(?i:yes|no|on|off)|True|TRUE|False|FALSE|Null|NULL|~");

    /** YAML 1.1 takes these for numbers: with a sign or point in front, of other bases, with _. */
    private static final Pattern NUMBER =
            Pattern.compile(
                    "\\+[0-9.][0-9_.eE+-]*|[-+]?\\.[0-9][0-9_eE+-]*|[-+]?0[0-9_]+"
                            + "|[-+]?0[xX][0-9a-fA-F_]+|[-+]?0o[0-7_]+|[-+]?0b[01_]+"
                            + "|-?[0-9]+_[0-9_.]*|-?[0-9]+\\.[0-9]*_[0-9_]*|[-+]?\\.(?i:inf|nan)");

    private static final int ENOUGH = 20;

    private YamlSyntax() {}

    /** The first twenty problems, with line and column; empty where there is none. */
    static List<String> problems(String yaml) {
        List<String> problems = new ArrayList<>();
        try {
            for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) {
                if (problems.size() == ENOUGH) {
                    break;
                }
                if (event instanceof AliasEvent alias) {
                    problems.add(
                            at(event.getStartMark())
                                    + "*"
                                    + alias.getAlias()
                                    + " refers to another place, which is not supported; write the value out");
                } else if (event instanceof ScalarEvent scalar && scalar.isPlain()) {
                    String text = scalar.getValue();
                    if (WORD.matcher(text).matches() || NUMBER.matcher(text).matches()) {
                        problems.add(
                                at(event.getStartMark())
                                        + text
                                        + " means different things to different YAML readers; write \""
                                        + text
                                        + "\" in quotes, or true, false, null or a plain number");
                    }
                }
            }
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    at(e.getProblemMark().or(e::getContextMark)) + "is no YAML: " + e.getProblem());
        } catch (ReaderException e) {
            problems.add(
                    at(yaml, e.getPosition())
                            + "is no YAML: the character U+%04X is not allowed"
                                    .formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            problems.add("is no YAML: " + e.getMessage());
        }
        return problems;
    }

    private static String at(Optional<Mark> mark) {
        return mark.map(place -> at(place.getLine(), place.getColumn())).orElse("");
    }

    private static String at(String text, int codePoints) {
        String before = text.substring(0, text.offsetByCodePoints(0, codePoints));
        return at(
                (int) before.chars().filter(c -> c == '\n').count(),
                before.length() - 1 - before.lastIndexOf('\n'));
    }

    private static String at(int line, int column) {
        return "line " + (line + 1) + ", column " + (column + 1) + ": ";
    }
}
