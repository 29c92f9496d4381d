package dev.millrace.producer;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

import java.time.Duration;
import java.util.List;

/**
 * Settings of the producer; all have defaults that fit a heap of 128 MiB and more.
 *
 * @param maxBody largest body of a request, before and after gunzip: 1 KiB to 256 MiB, by default
 *     16 MiB
 * @param maxEvents most events of a request, by default 100,000
 * @param maxInFlight bytes of bodies held at a time; requests beyond get 429. By default a quarter
 *     of the heap, at most 64 MiB; at least twice {@code maxBody}, so that one of that size fits
 *     with its gzip
 * @param readTimeout how long a body may take to arrive, by default 30 s
 * @param deliveryTimeout how long Kafka may take to acknowledge, by default 10 s, at least 1 s
 * @param buffer bytes that wait for Kafka, by default an eighth of the heap, at most 32 MiB
 * @param linger how long a record waits for others to share its batch, by default 2 ms
 * @param compression Kafka's compression: none, lz4, snappy, zstd or gzip; by default lz4
 * @param allowedOrigins web pages of these origins may send events too, such as {@code
 *     https://shop.example}; by default none: other pages' requests get 403
 */
@ConfigurationProperties("millrace.producer")
public record ProducerSettings(
        @DefaultValue("16MB") DataSize maxBody,
        @DefaultValue("100000") int maxEvents,
        DataSize maxInFlight,
        @DefaultValue("30s") Duration readTimeout,
        @DefaultValue("10s") Duration deliveryTimeout,
        DataSize buffer,
        @DefaultValue("2ms") Duration linger,
        @DefaultValue("lz4") String compression,
        @DefaultValue List<String> allowedOrigins) {

    /** Checks the bounds and fills in what depends on the heap. */
    public ProducerSettings {
        long heap = Runtime.getRuntime().maxMemory();
        require(
                maxBody.toBytes() >= 1 << 10 && maxBody.toBytes() <= 256 << 20,
                "max-body is " + maxBody + "; choose 1KB to 256MB");
        require(maxEvents > 0, "max-events is " + maxEvents + "; choose at least 1");
        if (maxInFlight == null) {
            maxInFlight =
                    DataSize.ofBytes(
                            Math.max(2 * maxBody.toBytes(), Math.min(64L << 20, heap / 4)));
        }
        require(
                maxInFlight.toBytes() >= 2 * maxBody.toBytes()
                        && maxInFlight.toBytes() <= Integer.MAX_VALUE,
                "max-in-flight is "
                        + maxInFlight
                        + "; choose at least twice max-body, and at most 2047MB");
        if (buffer == null) {
            buffer = DataSize.ofBytes(Math.max(4L << 20, Math.min(32L << 20, heap / 8)));
        }
        require(
                buffer.toBytes() >= 4 << 20,
                "buffer is " + buffer + "; choose at least 4MB, which the largest event needs");
        require(
                deliveryTimeout.compareTo(Duration.ofSeconds(1)) >= 0,
                "delivery-timeout is " + deliveryTimeout + "; choose at least 1s");
        require(readTimeout.isPositive(), "read-timeout is not positive; choose one such as 30s");
        require(
                !linger.isNegative() && linger.compareTo(Duration.ofMillis(500)) <= 0,
                "linger is " + linger + "; choose 0ms to 500ms");
    }

    private static void require(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException("millrace.producer." + problem);
        }
    }
}
