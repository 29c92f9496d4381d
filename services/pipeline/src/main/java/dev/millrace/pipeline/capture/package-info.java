/** What Kafka Connect is told to follow the tables that are captured from databases. */
package dev.millrace.pipeline.capture;
