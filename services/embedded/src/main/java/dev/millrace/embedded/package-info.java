/**
 * Real servers started by one process: what a local run and the tests of all services use instead
 * of a cluster.
 *
 * <ul>
 *   <li>{@link dev.millrace.embedded.EmbeddedKafka}: an Apache Kafka broker in this JVM.
 *   <li>{@link dev.millrace.embedded.EmbeddedRedis}: a redis-server beside it.
 *   <li>{@link dev.millrace.embedded.EmbeddedMongo}: a store in this JVM that speaks MongoDB's
 *       protocol.
 * </ul>
 *
 * <p>All of them listen on 127.0.0.1 only, on a given port or, for port 0, on a free one. Each has
 * a data folder of its own, which one process holds at a time, and keeps its data there over a
 * restart and over the death of the process: with SIGKILL, Kafka and Redis lose nothing they
 * acknowledged, the Mongo-compatible store at most the last second. Power loss is another matter:
 * Kafka leaves it to the operating system when data reaches the disk.
 *
 * <p>{@code start} returns a server that takes requests, or throws a {@link
 * dev.millrace.embedded.ServerStartException} that says what to do. {@code stop} and {@code
 * restart} keep port and data, {@code close} gives the folder back. None of them installs a
 * shutdown hook: whoever starts a server closes it, after those who use it. Nothing is left running
 * when that never happens: the redis-server ends when this JVM does.
 *
 * <p>The servers' own log lines below a warning are turned off where Logback is used and has no
 * level set for them.
 *
 * <p>Linux and macOS only. There is no authentication: everyone on the machine can connect.
 */
package dev.millrace.embedded;
