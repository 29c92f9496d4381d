/** Polls, counts and flushes, partition by partition. */
package dev.millrace.processor.loop;
