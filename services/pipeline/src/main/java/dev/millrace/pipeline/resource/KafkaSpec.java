package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Required;

/**
 * The broker.
 *
 * @param external one that exists already; absent: one is made for the pipeline
 */
public record KafkaSpec(ExternalKafka external) {
    /**
     * A broker that exists already.
     *
     * @param bootstrapServers {@code HOST:PORT}, several with commas between
     * @param secretRef name of the Secret with its credentials
     */
    public record ExternalKafka(@Required String bootstrapServers, String secretRef) {}
}
