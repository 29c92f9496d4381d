/**
 * Servers for tests: {@link dev.millrace.testing.TestServers} gives each JVM one Kafka, one Redis
 * and one Mongo-compatible store, in containers where a Docker engine is asked for, else embedded.
 *
 * <p>Tests of faults (a broker restarts, Redis is killed or loses its data, Mongo is away) start a
 * {@link dev.millrace.embedded.EmbeddedKafka}, {@link dev.millrace.embedded.EmbeddedRedis} or
 * {@link dev.millrace.embedded.EmbeddedMongo} of their own on a temporary folder, so that they
 * disturb no other test.
 *
 * <p>A test dependency: it brings Testcontainers.
 */
package dev.millrace.testing;
