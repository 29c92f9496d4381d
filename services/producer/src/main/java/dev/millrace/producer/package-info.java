/** The producer: brings events into Kafka, from HTTP (collect) and made up (generate). */
package dev.millrace.producer;
