package dev.millrace.pipeline.manifest;

import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads YAML as kubectl does, or refuses it: words and numbers that YAML readers take for different
 * values, aliases, tags and duplicate names are problems, each with its line and column.
 */
final class YamlReader {
    /** YAML 1.1, which kubectl reads, takes these for true, false or null. */
    private static final Pattern WORD =
            Pattern.compile("[yYnN]|(?i:yes|no|on|off)|True|TRUE|False|FALSE|Null|NULL|~");

    /** YAML 1.1 takes these for numbers: with a sign or point in front, of other bases, with _. */
    private static final Pattern OTHER_NUMBER =
            Pattern.compile(
                    "\\+[0-9.][0-9_.eE+-]*|[-+]?\\.[0-9][0-9_eE+-]*|[-+]?0[0-9_]+"
                            + "|[-+]?0[xX][0-9a-fA-F_]+|[-+]?0o[0-7_]+|[-+]?0b[01_]+"
                            + "|-?[0-9]+_[0-9_.]*|-?[0-9]+\\.[0-9]*_[0-9_]*|[-+]?\\.(?i:inf|nan)");

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
    private static final Pattern FRACTION =
            Pattern.compile("-?[0-9]+(\\.[0-9]*)?([eE][-+]?[0-9]+)?");
    private static final int DEPTH = 100;
    private static final int ENOUGH = 20;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> problems = new ArrayList<>();
    private final List<JsonNode> documents = new ArrayList<>();
    private final Deque<JsonNode> open = new ArrayDeque<>();
    private final Deque<String> names = new ArrayDeque<>();
    private final Set<Anchor> aliases = new HashSet<>();
    private boolean nameComesNext;
    private boolean hopeless;

    /** Reads all documents of a text. */
    YamlReader(String yaml) {
        try {
            for (Event event : new Parse(LoadSettings.builder().build()).parseString(yaml)) {
                read(event);
                if (hopeless || problems.size() >= ENOUGH) {
                    break;
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
    }

    /** The documents; to be used only where there are no problems. */
    List<JsonNode> documents() {
        return documents;
    }

    /** The first twenty problems. */
    List<String> problems() {
        return problems;
    }

    private void read(Event event) {
        switch (event.getEventId()) {
            case Scalar -> scalar((ScalarEvent) event);
            case MappingStart -> start(event, NODES.objectNode());
            case SequenceStart -> start(event, NODES.arrayNode());
            case MappingEnd, SequenceEnd -> end();
            case Alias -> alias((AliasEvent) event);
            default -> {
                // starts and ends of documents and of the text say nothing
            }
        }
    }

    private void scalar(ScalarEvent event) {
        String text = event.getValue();
        if (event.getTag().isPresent()) {
            problem(event, "the tag " + event.getTag().get() + " is not supported; leave it out");
        }
        if (event.isPlain()) {
            boolean odd =
                    WORD.matcher(text).matches()
                            || OTHER_NUMBER.matcher(text).matches()
                            || (nameComesNext
                                    && FRACTION.matcher(text).matches()
                                    && !INTEGER.matcher(text).matches());
            if (odd) {
                problem(
                        event,
                        text
                                + " means different things to different YAML readers; write \""
                                + text
                                + "\" in quotes, or true, false, null or a plain number");
            }
        }
        if (nameComesNext) {
            name(event, text);
        } else {
            add(event.isPlain() ? plain(event, text) : NODES.stringNode(text));
        }
    }

    private void name(ScalarEvent event, String text) {
        if (event.isPlain() && text.equals("<<")) {
            problem(event, "<< merges another place, which is not supported; write it out");
        }
        if (((ObjectNode) open.peek()).has(text)) {
            problem(event, "\"" + text + "\" is there twice; keep one of them");
        }
        names.push(text);
        nameComesNext = false;
    }

    private JsonNode plain(Event event, String text) {
        if (text.isEmpty() || text.equals("null")) {
            return NODES.nullNode();
        } else if (text.equals("true") || text.equals("false")) {
            return NODES.booleanNode(text.equals("true"));
        } else if (INTEGER.matcher(text).matches() && text.length() <= 400) {
            BigInteger number = new BigInteger(text);
            if (number.bitLength() < Integer.SIZE) {
                return NODES.numberNode(number.intValue());
            }
            return number.bitLength() < Long.SIZE
                    ? NODES.numberNode(number.longValue())
                    : NODES.numberNode(number);
        } else if (FRACTION.matcher(text).matches()) {
            double number = Double.parseDouble(text);
            if (Double.isInfinite(number)) {
                problem(event, "the number is too large; write it in quotes if it is a text");
            }
            return NODES.numberNode(number);
        }
        return NODES.stringNode(text);
    }

    private void alias(AliasEvent event) {
        if (aliases.add(event.getAlias())) {
            problem(
                    event,
                    "*"
                            + event.getAlias()
                            + " refers to another place, which is not supported; write the value out");
        }
        if (nameComesNext) {
            names.push(event.getAlias().getValue());
            nameComesNext = false;
        } else {
            add(NODES.nullNode());
        }
    }

    private void start(Event event, JsonNode node) {
        if (event instanceof CollectionStartEvent start && start.getTag().isPresent()) {
            problem(event, "the tag " + start.getTag().get() + " is not supported; leave it out");
        }
        if (nameComesNext) {
            problem(event, "a name cannot be a list or settings; write a text");
            hopeless = true;
        }
        if (open.size() == DEPTH) {
            problem(event, "is nested deeper than " + DEPTH + " levels");
            hopeless = true;
        }
        open.push(node);
        nameComesNext = node.isObject();
    }

    private void end() {
        add(open.pop());
    }

    /** Puts a finished node where it belongs. */
    private void add(JsonNode node) {
        switch (open.peek()) {
            case null -> {
                documents.add(node);
                nameComesNext = false;
            }
            case ArrayNode list -> {
                list.add(node);
                nameComesNext = false;
            }
            case ObjectNode settings -> {
                settings.set(names.pop(), node);
                nameComesNext = true;
            }
            default -> throw new IllegalStateException("only lists and settings are open");
        }
    }

    private void problem(Event event, String what) {
        problems.add(at(event.getStartMark()) + what);
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
