package dev.millrace.local.send;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads the lines of a stream as bytes, whatever they hold, and never holds more than one may. */
final class LineReader {
    private static final int FIRST = 1 << 12;

    private final InputStream input;
    private final int longest;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int end;
    private long read;

    private byte[] line = new byte[FIRST];
    private long length;
    private byte last;

    /**
     * A reader of a stream's lines.
     *
     * @param longest bytes that are kept of a line
     */
    LineReader(InputStream input, int longest) {
        this.input = input;
        this.longest = longest;
    }

    /**
     * A line.
     *
     * @param bytes without its end, LF or CR LF; the first ones only where it is too long
     * @param length how many it has
     */
    record Line(byte[] bytes, long length) {
        /** Whether all of it is here. */
        boolean isWhole() {
            return bytes.length == length;
        }

        boolean isBlank() {
            for (byte b : bytes) {
                if (b != ' ' && b != '\t' && b != '\r') {
                    return false;
                }
            }
            return isWhole();
        }
    }

    /** The next line; {@code null} after the last. */
    Line next() throws IOException {
        length = 0;
        boolean any = false;
        while (at < end || fill()) {
            any = true;
            int from = at;
            while (at < end && buffer[at] != '\n') {
                at++;
            }
            keep(from, at);
            if (at < end) {
                at++;
                return line(true);
            }
        }
        return any ? line(false) : null;
    }

    private boolean fill() throws IOException {
        at = 0;
        end = Math.max(0, input.read(buffer));
        read += end;
        return end > 0;
    }

    private void keep(int from, int to) {
        int kept = (int) Math.min(length, longest);
        int more = Math.min(to - from, longest - kept);
        if (kept + more > line.length) {
            line = Arrays.copyOf(line, Math.max(kept + more, 2 * line.length));
        }
        System.arraycopy(buffer, from, line, kept, more);
        length += to - from;
        last = to > from ? buffer[to - 1] : last;
    }

    private Line line(boolean ended) {
        long whole = ended && length > 0 && last == '\r' ? length - 1 : length;
        return new Line(Arrays.copyOf(line, (int) Math.min(whole, longest)), whole);
    }

    /** How many bytes the lines had that were given so far, with their ends. */
    long read() {
        return read - (end - at);
    }
}
