package dev.millrace.producer.send;

import dev.millrace.pipeline.event.AvroEncoder;
import dev.millrace.pipeline.event.Decoded;
import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.registry.SchemaRefusedException;
import dev.millrace.pipeline.registry.Schemas;
import dev.millrace.pipeline.registry.SchemasUnavailableException;
import dev.millrace.pipeline.resource.StreamSpec.Format;

import java.util.HashMap;
import java.util.Map;

/**
 * Turns events, which come in as JSON, into what their topics hold. An event that is not valid has
 * no place in an Avro schema: it stays the JSON that it is, and becomes a dead letter for what is
 * wrong with it. Safe for use by many threads.
 */
public final class Encodings {
    private final Plan plan;
    private final Map<String, Encoding> byStream = new HashMap<>();

    /** How the events of one stream are written; the encoder is null for JSON. */
    public static final class Encoding {
        private final EventDecoder decoder;
        private final AvroEncoder encoder;

        private Encoding(StreamPlan stream, Schemas schemas) {
            this.decoder = new EventDecoder(stream);
            this.encoder = stream.format() == Format.avro ? new AvroEncoder(stream, schemas) : null;
        }

        /** What it was decoded with, and is. */
        public EventDecoder decoder() {
            return decoder;
        }

        /**
         * Makes sure that events can be written; does nothing the second time.
         *
         * @throws SchemasUnavailableException where the registry cannot take their schema now
         * @throws SchemaRefusedException where it does not take it
         */
        public void prepare() {
            if (encoder != null) {
                encoder.register();
            }
        }

        /** What the topic holds of an event that was decoded already. */
        public byte[] encode(byte[] json, Decoded decoded) {
            return encoder != null && decoded instanceof Event event ? encoder.encode(event) : json;
        }

        /** What the topic holds of an event. */
        public byte[] encode(byte[] json) {
            return encoder == null ? json : encode(json, decoder.decode(json, 0));
        }
    }

    /**
     * The encodings of a plan's sources.
     *
     * @param schemas where those of Avro are; null for a plan without
     */
    public Encodings(Plan plan, Schemas schemas) {
        this.plan = plan;
        plan.sources()
                .forEach(stream -> byStream.put(stream.name(), new Encoding(stream, schemas)));
    }

    /** The encoding of a source. */
    public Encoding of(StreamPlan stream) {
        return byStream.get(stream.name());
    }

    /**
     * Prepares those of the pipeline's own topics, and of those that events are generated for. A
     * topic of somebody else has its schemas from there, and needs one of ours only when an event
     * is sent.
     */
    void prepare() {
        plan.sources().stream()
                .filter(stream -> !stream.topic().existing() || stream.generator() != null)
                .forEach(stream -> of(stream).prepare());
    }
}
