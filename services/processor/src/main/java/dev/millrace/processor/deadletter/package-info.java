/** Sends events that do not count to the dead letters, with the reason. */
package dev.millrace.processor.deadletter;
