package dev.millrace.pipeline.event;

import dev.millrace.pipeline.event.Rejected.Cause;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.Schemas.Found;

import tools.jackson.databind.json.JsonMapper;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads Avro events: a byte 0, the id of the schema that they were written with in four bytes, and
 * the event. Safe for use by many threads.
 */
final class AvroEvents {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int HEADER = 5;

    /** Of how many schemas it keeps how to read them. */
    private static final int KEPT = 1_000;

    private final PathTree tree;
    private final Schemas schemas;
    private final Function<byte[], Decoded> json;
    private final Map<Integer, AvroReading> readings = new ConcurrentHashMap<>();

    /**
     * A reader of declared fields.
     *
     * @param json reads events of the stream that are JSON against the rule
     */
    AvroEvents(PathTree tree, Schemas schemas, Function<byte[], Decoded> json) {
        this.tree = tree;
        this.schemas = schemas;
        this.json = json;
    }

    /**
     * Reads an event's values, or puts what is wrong with them in their places.
     *
     * @return what is wrong with the event as a whole; {@code null} for nothing
     */
    Rejected read(byte[] bytes, Object[] values) {
        Rejected unfit = EventDecoder.unfit(bytes);
        if (unfit != null) {
            return unfit;
        }
        if (bytes[0] != 0) {
            return other(bytes);
        }
        if (bytes.length < HEADER) {
            return malformed("Cut off: " + bytes.length + " bytes do not hold a schema's id");
        }
        AvroReading reading = readings.get(id(bytes));
        if (reading == null) {
            switch (schemas.find(id(bytes))) {
                case Found.Known(var schema) -> reading = keep(id(bytes), schema);
                case Found.Unknown(var reason) -> {
                    return malformed("Unknown schema: " + reason);
                }
            }
        }
        return reading.read(new AvroBytes(bytes, HEADER), values);
    }

    private AvroReading keep(int id, org.apache.avro.Schema schema) {
        if (readings.size() >= KEPT) {
            readings.clear();
        }
        AvroReading reading = new AvroReading(id, schema, tree);
        readings.put(id, reading);
        return reading;
    }

    private static int id(byte[] bytes) {
        return ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    }

    private static Rejected malformed(String reason) {
        return new Rejected(Cause.malformed, reason);
    }

    /** What is wrong with an event that is no Avro: of JSON, first of all what JSON says. */
    private Rejected other(byte[] bytes) {
        if (bytes[0] == '{') {
            Decoded decoded = json.apply(bytes);
            if (decoded instanceof Event) {
                return malformed(
                        "Not Avro but JSON: events of this stream begin with a byte 0 and the id of"
                                + " their schema; post JSON to the collector, which writes them so");
            }
            if (decoded instanceof Rejected rejected && rejected.cause() != Cause.malformed) {
                return rejected;
            }
        }
        return malformed(
                "Not Avro: begins with 0x"
                        + HexFormat.of().toHexDigits(bytes[0])
                        + " rather than with a byte 0 and the id of its schema");
    }

    /** An event as JSON; its bytes where it cannot be read. */
    byte[] json(byte[] bytes) {
        if (EventDecoder.unfit(bytes) != null || bytes[0] != 0 || bytes.length < HEADER) {
            return bytes;
        }
        AvroReading reading = readings.get(id(bytes));
        if (reading == null) {
            if (!(schemas.find(id(bytes)) instanceof Found.Known(var schema))) {
                return bytes;
            }
            reading = keep(id(bytes), schema);
        }
        return reading.tree(new AvroBytes(bytes, HEADER)) instanceof Map<?, ?> event
                ? JSON.writeValueAsBytes(event)
                : bytes;
    }
}
