/** How fast the processor counts, beside a bare consumer and Kafka Streams. */
package dev.millrace.bench.processor;
