package dev.millrace.producer.generate;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.SplittableRandom;

/** The time of the event, with milliseconds. */
final class Now implements Value {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("'\"'uuuu-MM-dd'T'HH:mm:ss.SSS'Z\"'")
                    .withZone(ZoneOffset.UTC);

    private long millis = -1;
    private byte[] json;

    @Override
    public void write(JsonBuffer out, SplittableRandom random, Moment moment) {
        if (moment.millis != millis) {
            millis = moment.millis;
            json = FORMAT.format(Instant.ofEpochMilli(millis)).getBytes(StandardCharsets.US_ASCII);
        }
        out.put(json);
    }
}
