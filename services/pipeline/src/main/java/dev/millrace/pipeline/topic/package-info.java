/**
 * The Kafka topics that a pipeline's events flow through. Needs Kafka's client on the class path.
 */
package dev.millrace.pipeline.topic;
