/**
 * How many events a second go through the collector, beside a bare Kafka client that sends the same
 * bytes to the same broker in the same run.
 */
package dev.millrace.bench.collector;
