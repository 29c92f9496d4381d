/** The way into Kafka: topics that are there, and records that are acknowledged. */
package dev.millrace.producer.send;
