package dev.millrace.enricher.topology;

/**
 * What is to be written.
 *
 * @param topic the topic
 * @param partition of the source event; only for topics that keep it
 * @param value the record's value
 */
record Addressed(String topic, int partition, byte[] value) {}
