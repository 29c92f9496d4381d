package dev.millrace.api.exposition;

import dev.millrace.pipeline.state.GroupKey;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * A group as the value of a label: the value of its field, or several with a comma between. No two
 * groups of a metric have the same, but for a chance of one in four thousand million among those
 * that are cut.
 */
final class GroupLabel {
    /** Characters of a label; what is longer is cut, with a checksum behind. */
    private static final int LONGEST = 200;

    private static final Pattern MARKED = Pattern.compile("\\(+(other|none)\\)+");

    private GroupLabel() {}

    /** The label of a group as Redis names it. */
    static String of(String key) {
        if (key.equals(GroupKey.OTHER)) {
            return "(other)";
        }
        List<String> values = GroupKey.decode(key);
        return cut(
                values.size() == 1
                        ? marked(values.getFirst())
                        : values.stream()
                                .map(GroupLabel::marked)
                                .map(value -> value.replace("\\", "\\\\").replace(",", "\\,"))
                                .collect(Collectors.joining(", ")));
    }

    /** A text that stands for this value only. */
    private static String marked(String value) {
        if (value == null) {
            return "(none)";
        }
        return MARKED.matcher(value).matches() ? "(" + value + ")" : value;
    }

    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        int end = LONGEST - 10;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "…~" + HexFormat.of().toHexDigits((int) sum.getValue());
    }
}
