/**
 * Writing to Mongo: what may be written again, what a document is refused for, and what makes
 * everything wait.
 */
package dev.millrace.audit.store;
