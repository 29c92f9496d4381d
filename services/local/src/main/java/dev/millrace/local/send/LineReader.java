package dev.millrace.local.send;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the lines of a stream as bytes, whatever they hold. */
final class LineReader {
    private final InputStream input;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long read;

    LineReader(InputStream input) {
        this.input = input;
    }

    /** The next line without its end; {@code null} after the last. */
    byte[] next() throws IOException {
        byte[] line = new byte[0];
        while (true) {
            if (at == end) {
                end = Math.max(0, input.read(buffer));
                at = 0;
                if (end == 0) {
                    return line.length == 0 ? null : line;
                }
                read += end;
            }
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            line = joined(line, from, at);
            if (at < end) {
                at++;
                return line.length > 0 && line[line.length - 1] == '\r'
                        ? Arrays.copyOf(line, line.length - 1)
                        : line;
            }
        }
    }

    private byte[] joined(byte[] line, int from, int to) {
        byte[] joined = Arrays.copyOf(line, line.length + to - from);
        System.arraycopy(buffer, from, joined, line.length, to - from);
        return joined;
    }

    /** How many bytes were read so far. */
    long read() {
        return read - (end - at);
    }
}
