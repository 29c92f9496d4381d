/**
 * The enricher: makes streams from others, exactly once, with Kafka Streams.
 *
 * <ul>
 *   <li>{@code derive}: what one event becomes; knows nothing of Kafka
 *   <li>{@code table}: rows of tables, from files and topics
 *   <li>{@code topology}: the streams and tables of a plan, for Kafka Streams
 *   <li>{@code run}: waits for servers, loads files, runs the topology, and begins anew after
 *       faults
 * </ul>
 */
package dev.millrace.enricher;
