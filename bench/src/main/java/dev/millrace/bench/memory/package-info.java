/** How much memory each workload takes in a process of its own, under load. */
package dev.millrace.bench.memory;
