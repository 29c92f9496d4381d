/** The streams and tables of a plan as a topology of Kafka Streams. */
package dev.millrace.enricher.topology;
