/** What events add to windows, collected in memory between two flushes. */
package dev.millrace.processor.counting;
