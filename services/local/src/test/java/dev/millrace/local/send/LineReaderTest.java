package dev.millrace.local.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.millrace.local.send.LineReader.Line;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

class LineReaderTest {
    private static final int LONGEST = 1 << 20;

    private static List<String> lines(InputStream input, int longest) throws IOException {
        LineReader reader = new LineReader(input, longest);
        List<String> lines = new ArrayList<>();
        Line line;
        while ((line = reader.next()) != null) {
            String text = new String(line.bytes(), StandardCharsets.ISO_8859_1);
            lines.add(line.isWhole() ? text : text + "... of " + line.length());
        }
        return lines;
    }

    private static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 1_000})
    void endsLinesAtLfAndCrLfOnly(int step) throws IOException {
        String text = "one\ntwo\r\n\n\r\nth\rree\r\r\n\u00ff\u0000 \n\tlast\r";
        assertThat(lines(new Slow(of(text), step), LONGEST))
                .containsExactly("one", "two", "", "", "th\rree\r", "\u00ff\u0000 ", "\tlast\r");
        assertThat(lines(new Slow(of("a\nb\n"), step), LONGEST)).containsExactly("a", "b");
        assertThat(lines(new Slow(of("\n"), step), LONGEST)).containsExactly("");
        assertThat(lines(new Slow(of(""), step), LONGEST)).isEmpty();
    }

    @Test
    void keepsTheBeginningOfWhatIsTooLong() throws IOException {
        assertThat(lines(of("12345\n123456\n12345\r\n123456\r\n1234567"), 5))
                .containsExactly(
                        "12345", "12345... of 6", "12345", "12345... of 6", "12345... of 7");
    }

    @Test
    void readsAHugeLineInLinearTime() {
        byte[] huge = new byte[200 << 20];
        Arrays.fill(huge, (byte) '[');
        huge[huge.length - 2] = '\n';
        assertTimeout(
                Duration.ofSeconds(20),
                () -> {
                    LineReader reader = new LineReader(new ByteArrayInputStream(huge), 100 << 20);
                    Line line = reader.next();
                    assertThat(line.bytes()).hasSize(100 << 20);
                    assertThat(line.length()).isEqualTo(huge.length - 2);
                    assertThat(reader.read()).isEqualTo(huge.length - 1);
                    assertThat(reader.next().bytes()).containsExactly('[');
                    assertThat(reader.read()).isEqualTo(huge.length);
                    assertThat(reader.next()).isNull();
                });
    }

    @Test
    void tellsBlankLines() {
        assertThat(line("").isBlank()).isTrue();
        assertThat(line(" \t\r ").isBlank()).isTrue();
        assertThat(line(" x").isBlank()).isFalse();
        assertThat(new Line(new byte[] {' '}, 2).isBlank()).isFalse();
    }

    private static Line line(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return new Line(bytes, bytes.length);
    }

    /** Gives a few bytes at a time, as a pipe may. */
    private static final class Slow extends InputStream {
        private final InputStream input;
        private final int step;

        Slow(InputStream input, int step) {
            this.input = input;
            this.step = step;
        }

        @Override
        public int read() throws IOException {
            return input.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            return input.read(bytes, from, Math.min(step, length));
        }
    }
}
