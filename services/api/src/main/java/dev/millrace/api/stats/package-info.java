/** The numbers as messages in a Kafka topic, for other consumers. */
package dev.millrace.api.stats;
