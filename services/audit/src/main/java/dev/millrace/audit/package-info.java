/**
 * Records every event in Mongo, valid or not, once: {@link dev.millrace.audit.consume} reads Kafka,
 * {@link dev.millrace.audit.document} makes documents, {@link dev.millrace.audit.store} writes
 * them, and {@link dev.millrace.audit.recount} counts the pipeline's numbers from them again.
 */
package dev.millrace.audit;
