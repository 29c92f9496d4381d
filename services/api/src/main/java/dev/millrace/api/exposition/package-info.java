/** The pipeline's numbers for Prometheus. */
package dev.millrace.api.exposition;
