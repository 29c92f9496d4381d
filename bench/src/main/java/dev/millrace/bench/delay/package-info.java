/** How long it takes from an event to the answer that has it. */
package dev.millrace.bench.delay;
