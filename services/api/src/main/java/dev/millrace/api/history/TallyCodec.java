package dev.millrace.api.history;

import dev.millrace.api.history.Tally.Average;
import dev.millrace.api.history.Tally.Estimate;
import dev.millrace.api.history.Tally.Extreme;
import dev.millrace.api.history.Tally.Numbers;
import dev.millrace.api.history.Tally.Total;
import dev.millrace.api.history.Tally.Unique;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.resource.MetricSpec.Measure;
import dev.millrace.pipeline.state.Distribution;
import dev.millrace.pipeline.state.HyperLogLog;

import org.apache.datasketches.hll.HllSketch;
import org.bson.Document;
import org.bson.types.Binary;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Tallies in documents.
 *
 * <table>
 * <caption>Fields of tallies</caption>
 * <tr><td>{@code count}, {@code sum}, {@code min}, {@code max}</td><td>{@code n}: the number</td></tr>
 * <tr><td>{@code average}</td><td>{@code s}: sum, {@code c}: count</td></tr>
 * <tr><td>{@code percentiles}</td><td>{@code b}: sum, least, greatest and then each bucket's number and count, as zigzag varints</td></tr>
 * <tr><td>{@code unique}</td><td>{@code n}: the exact number, where it is known; {@code h}: a HyperLogLog sketch</td></tr>
 * <tr><td>{@code unique}, {@code approximate}</td><td>{@code r}: {@linkplain HyperLogLog#toBytes registers}</td></tr>
 * </table>
 *
 * <p>Numbers are {@link dev.millrace.pipeline.state.StoredNumber stored numbers}.
 */
final class TallyCodec {
    private static final String NUMBER = "n";
    private static final String SUM = "s";
    private static final String COUNT = "c";
    private static final String BUCKETS = "b";
    private static final String SKETCH = "h";
    private static final String REGISTERS = "r";

    private TallyCodec() {}

    static Document encode(Tally tally) {
        return switch (tally) {
            case Total total -> new Document(NUMBER, total.number());
            case Extreme extreme -> new Document(NUMBER, extreme.number());
            case Average average -> new Document(SUM, average.sum()).append(COUNT, average.count());
            case Numbers numbers -> new Document(BUCKETS, new Binary(bytes(numbers.numbers())));
            case Estimate estimate ->
                    new Document(REGISTERS, new Binary(estimate.values().toBytes()));
            case Unique unique -> {
                Document document = new Document();
                if (unique.exact() != null) {
                    document.append(NUMBER, unique.exact());
                }
                yield document.append(SKETCH, new Binary(unique.sketch().toCompactByteArray()));
            }
        };
    }

    static Tally decode(MeasurePlan metric, Document document) {
        return switch (metric.measure()) {
            case count, sum -> new Total(number(document, NUMBER));
            case min, max -> new Extreme(metric.measure() == Measure.max, number(document, NUMBER));
            case average -> new Average(number(document, SUM), number(document, COUNT));
            case percentiles -> new Numbers(distribution(binary(document, BUCKETS)));
            case unique ->
                    metric.isApproximate()
                            ? new Estimate(HyperLogLog.ofBytes(binary(document, REGISTERS)))
                            : new Unique(
                                    document.containsKey(NUMBER) ? number(document, NUMBER) : null,
                                    HllSketch.heapify(
                                            MemorySegment.ofArray(binary(document, SKETCH))));
            case latest -> throw new IllegalArgumentException("rows have no history");
        };
    }

    private static long number(Document document, String field) {
        return ((Number) document.get(field)).longValue();
    }

    private static byte[] binary(Document document, String field) {
        return switch (document.get(field)) {
            case Binary binary -> binary.getData();
            case byte[] bytes -> bytes;
            case Object other ->
                    throw new IllegalArgumentException(
                            field + " of history is a " + other.getClass().getSimpleName());
        };
    }

    private static byte[] bytes(Distribution numbers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        write(bytes, numbers.sum());
        write(bytes, numbers.min());
        write(bytes, numbers.max());
        numbers.forEach(
                (bucket, count) -> {
                    write(bytes, bucket);
                    write(bytes, count);
                });
        return bytes.toByteArray();
    }

    private static void write(ByteArrayOutputStream bytes, long number) {
        long left = number << 1 ^ number >> 63;
        while ((left & ~0x7fL) != 0) {
            bytes.write((int) (left & 0x7f | 0x80));
            left >>>= 7;
        }
        bytes.write((int) left);
    }

    private static Distribution distribution(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Distribution numbers = new Distribution();
        numbers.addSum(read(buffer));
        numbers.min(read(buffer));
        numbers.max(read(buffer));
        while (buffer.hasRemaining()) {
            numbers.add((int) read(buffer), read(buffer));
        }
        return numbers;
    }

    private static long read(ByteBuffer buffer) {
        long number = 0;
        int shift = 0;
        byte part;
        do {
            part = buffer.get();
            number |= (long) (part & 0x7f) << shift;
            shift += 7;
        } while (part < 0);
        return number >>> 1 ^ -(number & 1);
    }
}
