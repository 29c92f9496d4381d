package dev.millrace.producer.generate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;
import java.util.function.ToLongFunction;

/** A time, with milliseconds. */
final class Timestamp implements Value {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("'\"'uuuu-MM-dd'T'HH:mm:ss.SSS'Z\"'")
                    .withZone(ZoneOffset.UTC);

    private final ToLongFunction<Moment> time;
    private long millis = -1;
    private byte[] json;

    /** A time of a moment, in milliseconds since 1970. */
    Timestamp(ToLongFunction<Moment> time) {
        this.time = time;
    }

    @Override
    public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
        long now = time.applyAsLong(moment);
        if (now != millis) {
            millis = now;
            json = FORMAT.format(Instant.ofEpochMilli(millis)).getBytes(StandardCharsets.US_ASCII);
        }
        out.put(json);
    }
}
