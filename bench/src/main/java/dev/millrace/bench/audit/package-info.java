/** How fast events are recorded. */
package dev.millrace.bench.audit;
