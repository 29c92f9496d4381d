package dev.millrace.producer.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpStatus;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

class EventSplitterTest {
    private final EventSplitter splitter = new EventSplitter(1_000);

    @Test
    void elementsOfAnArrayKeepTheirBytes() {
        assertThat(
                        json(
                                " [ {\"a\" : [1, {\"b\":\"]}\"}] } ,\n\t{\"e\":\"\\\"\\\\\\u00e9é𝄞\"},"
                                        + "{},[],\"x,]\",-1.50e+3,true,null,  0 ]\r\n"))
                .containsExactly(
                        "{\"a\" : [1, {\"b\":\"]}\"}] }",
                        "{\"e\":\"\\\"\\\\\\u00e9é𝄞\"}",
                        "{}",
                        "[]",
                        "\"x,]\"",
                        "-1.50e+3",
                        "true",
                        "null",
                        "0");
    }

    @Test
    void arraysOfAnyJsonAreSplitWhereTheyWerePutTogether() {
        var random = new SplittableRandom(7);
        for (int round = 0; round < 2_000; round++) {
            List<String> elements = new ArrayList<>();
            StringBuilder body = new StringBuilder(space(random)).append('[');
            for (int i = random.nextInt(6); i > 0; i--) {
                String element = value(random, 4);
                body.append(elements.isEmpty() ? "" : ",")
                        .append(space(random))
                        .append(element)
                        .append(space(random));
                elements.add(element);
            }
            body.append(space(random)).append(']').append(space(random));
            assertThat(json(body.toString())).as(body.toString()).isEqualTo(elements);
        }
    }

    private static String value(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth > 0 ? 8 : 6)) {
            case 0 -> "\"" + random.nextInt() + "\\\"\\\\]},[{\"";
            case 1 -> "\"äß€𝄞\\ud834\\udd1e\"";
            case 2 -> Double.toString(random.nextDouble(-1e9, 1e9));
            case 3 -> Long.toString(random.nextLong());
            case 4 -> List.of("true", "false", "null", "{}", "[ ]").get(random.nextInt(5));
            case 5 -> "\"\"";
            case 6 ->
                    "["
                            + space(random)
                            + value(random, depth - 1)
                            + space(random)
                            + ","
                            + value(random, depth - 1)
                            + "]";
            default ->
                    "{\"k\\\"}\""
                            + space(random)
                            + ":"
                            + space(random)
                            + value(random, depth - 1)
                            + ",\"\":"
                            + value(random, depth - 1)
                            + space(random)
                            + "}";
        };
    }

    private static String space(SplittableRandom random) {
        return List.of("", "", " ", "\n", "\r\n\t ").get(random.nextInt(5));
    }

    @Test
    void oneValueIsOneEvent() {
        assertThat(json("{\"a\":1}")).containsExactly("{\"a\":1}");
        assertThat(json(" \n{\"a\":1}\n")).containsExactly("{\"a\":1}");
        assertThat(json("17")).containsExactly("17");
        assertThat(json("\uFEFF[{\"a\":1}]")).containsExactly("{\"a\":1}");
        assertThat(json("[]")).isEmpty();
    }

    @Test
    void deepEventsAreKept() {
        String deep = "[".repeat(300) + "]".repeat(300);
        assertThat(json("[" + deep + "]")).containsExactly(deep);
    }

    static List<Arguments> brokenBodies() {
        return List.of(
                arguments("[{\"a\":1},{\"a\":}]", "byte 14 "),
                arguments("[{\"a\":1}", "byte 8 "),
                arguments("{\"a\":1", "byte 6 "),
                arguments("[1,2,]", "byte 5 "),
                arguments("[1 2]", "byte 3 "),
                arguments("hello", "byte 0 "),
                arguments("{\"a\":1}\n{\"a\":2}", "begins at byte 8."),
                arguments("[1],[2]", "byte 3 "),
                arguments("[\"a\nb\"]", "byte 3 "));
    }

    @ParameterizedTest
    @MethodSource("brokenBodies")
    void whatIsNoJsonIsRefusedWithThePlace(String body, String place) {
        assertThatThrownBy(() -> json(body))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.status()).isEqualTo(HttpStatus.BAD_REQUEST))
                .hasMessageContaining(place)
                .hasMessageContaining("application/x-ndjson");
    }

    @Test
    void otherEncodingsAreNoJson() {
        byte[] utf16 = "[{\"a\":1}]".getBytes(StandardCharsets.UTF_16LE);
        assertThatThrownBy(() -> splitter.split(utf16, BodyFormat.json))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("byte 1 ");
        byte[] latin = "[\"é\"]".getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> splitter.split(latin, BodyFormat.json))
                .isInstanceOf(RefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\n\n", "\uFEFF"})
    void blankJsonIsRefused(String body) {
        assertThatThrownBy(() -> json(body))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("blank");
    }

    @Test
    void linesKeepEverythingButTheirEnd() {
        assertThat(lines("{\"a\":1}\r\n\r\n  {\"a\":2} \n\t \nnot json\r\r\n{\"a\":3}"))
                .containsExactly("{\"a\":1}", "  {\"a\":2} ", "not json\r", "{\"a\":3}");
    }

    @Test
    void linesOfAnyBytesAreEvents() {
        var random = new SplittableRandom(11);
        List<byte[]> expected = new ArrayList<>();
        var body = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            byte[] line = new byte[1 + random.nextInt(40)];
            random.nextBytes(line);
            for (int j = 0; j < line.length; j++) {
                line[j] = line[j] == '\n' || line[j] == '\r' ? 0 : line[j];
            }
            line[0] = (byte) 0xFF;
            expected.add(line);
            body.writeBytes(line);
            body.writeBytes(random.nextBoolean() ? new byte[] {'\r', '\n'} : new byte[] {'\n'});
        }
        RawEvents events = splitter.split(body.toByteArray(), BodyFormat.lines);
        assertThat(IntStream.range(0, events.count()).mapToObj(events::event).toList())
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void formatIsDetectedByTheFirstByte() {
        assertThat(text(" \r\n [1,\n2]", BodyFormat.detect)).containsExactly("1", "2");
        assertThat(text("{\"a\":1}\n[1,2]\n", BodyFormat.detect))
                .containsExactly("{\"a\":1}", "[1,2]");
        assertThat(text("\n", BodyFormat.detect)).isEmpty();
    }

    @Test
    void tooLargeEventsAreRefusedByTheirPlace() {
        String large = "{\"a\":\"" + "x".repeat(1 << 20) + "\"}";
        for (BodyFormat format : List.of(BodyFormat.json, BodyFormat.lines)) {
            String body = format == BodyFormat.json ? "[1," + large + "]" : "{}\n" + large;
            assertThatThrownBy(() -> text(body, format))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> assertThat(e.status()).isEqualTo(HttpStatus.CONTENT_TOO_LARGE))
                    .hasMessageContaining("Event 1 (counted from 0, at byte 3)");
        }
        String largest = "x".repeat(1 << 20);
        assertThat(lines(largest)).containsExactly(largest);
    }

    @Test
    void tooManyEventsAreRefused() {
        assertThat(lines("1\n".repeat(1_000))).hasSize(1_000);
        assertThatThrownBy(() -> lines("1\n".repeat(1_001)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("more than 1000 events");
    }

    private List<String> json(String body) {
        return text(body, BodyFormat.json);
    }

    private List<String> lines(String body) {
        return text(body, BodyFormat.lines);
    }

    private List<String> text(String body, BodyFormat format) {
        RawEvents events = splitter.split(body.getBytes(StandardCharsets.UTF_8), format);
        return IntStream.range(0, events.count())
                .mapToObj(i -> new String(events.event(i), StandardCharsets.UTF_8))
                .toList();
    }
}
