package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Required;

/**
 * The store of the audit.
 *
 * @param external one that exists already; absent: one is made for the pipeline
 */
public record MongoSpec(ExternalMongo external) {
    /**
     * A MongoDB that exists already.
     *
     * @param uriSecretRef name of the Secret whose {@code uri} is its address, with the database
     */
    public record ExternalMongo(@Required String uriSecretRef) {}
}
