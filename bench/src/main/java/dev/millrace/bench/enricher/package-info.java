/** How fast streams are joined with tables. */
package dev.millrace.bench.enricher;
