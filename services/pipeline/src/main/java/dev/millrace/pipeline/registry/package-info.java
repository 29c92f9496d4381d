/** Avro schemas in a registry that speaks Confluent's protocol: reading them by id, and writing. */
package dev.millrace.pipeline.registry;
