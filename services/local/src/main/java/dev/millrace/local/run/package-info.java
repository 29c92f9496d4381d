/**
 * Runs one pipeline in one process: Kafka, Redis, a Mongo-compatible store, and the same workloads
 * as on a cluster.
 */
package dev.millrace.local.run;
