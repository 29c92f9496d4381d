/** From an event in Kafka to its document in Mongo, and back to the names it was sent with. */
package dev.millrace.audit.document;
