package dev.millrace.pipeline.event;

import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.plan.DurationText;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.resource.Clock;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.StringJoiner;

/**
 * Decides event by event, in the order of a partition, which ones count. The decision depends on
 * nothing but the log: on the bytes, on when Kafka received them, and (for {@code clock: event}) on
 * the highest event time before them in the partition. So whoever reads the partition again, or
 * elsewhere, decides the same. For one thread.
 */
public final class Admission {
    private static final List<Unit> UNITS =
            List.of(
                    new Unit("d", 86_400_000),
                    new Unit("h", 3_600_000),
                    new Unit("m", 60_000),
                    new Unit("s", 1_000),
                    new Unit("ms", 1));

    private static final long AHEAD_MILLIS = EventLimits.AHEAD.toMillis();

    private final EventDecoder decoder;
    private final Clock clock;
    private final Duration lateness;
    private final long latenessMillis;
    private long watermark;

    private record Unit(String name, long millis) {}

    /**
     * The admission of one partition.
     *
     * @param watermark highest event time admitted so far, in milliseconds since 1970; 0 at the
     *     start of the partition
     */
    public Admission(StreamPlan stream, Clock clock, EventDecoder decoder, long watermark) {
        this.decoder = decoder;
        this.clock = clock;
        this.lateness = stream.lateness();
        this.latenessMillis = lateness.toMillis();
        this.watermark = watermark;
    }

    /**
     * Highest event time admitted so far, in milliseconds since 1970; 0 where none was. Part of the
     * partition's position.
     */
    public long watermark() {
        return watermark;
    }

    /**
     * Decides on the next event.
     *
     * @param bytes its value in Kafka; may be null
     * @param received Kafka's timestamp of it, in milliseconds since 1970
     */
    public Decoded admit(byte[] bytes, long received) {
        return admit(decoder.decode(bytes, received), received);
    }

    /** As {@link #admit(byte[], long)}, from a buffer, which stays as it is. */
    public Decoded admit(ByteBuffer bytes, long received) {
        return admit(decoder.decode(bytes, received), received);
    }

    private Decoded admit(Decoded decoded, long received) {
        if (decoded instanceof Event event) {
            if (event.time() > received + AHEAD_MILLIS) {
                return new Rejected(
                        Cause.future,
                        "In the future: "
                                + Instant.ofEpochMilli(event.time())
                                + " is more than 5 minutes after it was received");
            }
            long now = clock == Clock.wall ? received : watermark;
            if (event.time() < now - latenessMillis) {
                return new Rejected(
                        Cause.late,
                        "Late: "
                                + Instant.ofEpochMilli(event.time())
                                + " is "
                                + rounded(now - event.time(), latenessMillis)
                                + " behind, at most "
                                + DurationText.of(lateness)
                                + " is allowed");
            }
            watermark = Math.max(watermark, event.time());
        }
        return decoded;
    }

    /**
     * A duration in its two largest units, rounded down; in more of them where it would else look
     * no longer than another that it exceeds.
     */
    private static String rounded(long millis, long exceeded) {
        var text = new StringJoiner(" ");
        long left = millis;
        int written = 0;
        for (Unit unit : UNITS) {
            if (written >= 2 && millis - left > exceeded) {
                break;
            }
            if (left >= unit.millis()) {
                text.add(left / unit.millis() + unit.name());
                left %= unit.millis();
                written++;
            }
        }
        return text.toString();
    }
}
