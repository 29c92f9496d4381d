package dev.millrace.local.send;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class ProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String shown() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void drawsABar() {
        new Progress(out, true, 1_000).show(250, 12_345);
        assertThat(shown())
                .isEqualTo("\r[" + "#".repeat(10) + "-".repeat(30) + "]  25 %  12,345 events");
    }

    @Test
    void neverDrawsMoreThanAll() {
        // A file may grow while it is sent.
        new Progress(out, true, 1_000).show(5_000, 1);
        assertThat(shown()).isEqualTo("\r[" + "#".repeat(40) + "] 100 %  1 events");
    }

    @Test
    void countsWhereTheSizeIsNotKnown() {
        new Progress(out, true, -1).show(250, 7);
        assertThat(shown()).isEqualTo("\r7 events");
    }

    @Test
    void drawsAtMostTenTimesASecond() {
        Progress progress = new Progress(out, true, 0);
        for (int i = 0; i < 1_000; i++) {
            progress.show(i, i);
        }
        assertThat(shown().split("\r")).hasSizeLessThan(50);
    }

    @Test
    void takesTheBarAwayInTheEnd() {
        try (Progress progress = new Progress(out, true, 10)) {
            progress.show(1, 1);
            progress.say("wait");
        }
        assertThat(shown()).contains("\r\u001b[Kwait\n").endsWith("\r\u001b[K");
    }

    @Test
    void showsOnlyWordsWhereThereIsNoTerminal() {
        try (Progress progress = new Progress(out, false, 10)) {
            progress.show(1, 1);
            progress.say("wait");
        }
        assertThat(shown()).isEqualTo("wait\n");
    }
}
