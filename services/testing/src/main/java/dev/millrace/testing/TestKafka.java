package dev.millrace.testing;

/**
 * A Kafka shared by the tests of one JVM. Topics are not created by using them.
 *
 * @param bootstrapServers what clients connect to
 */
public record TestKafka(String bootstrapServers) {}
