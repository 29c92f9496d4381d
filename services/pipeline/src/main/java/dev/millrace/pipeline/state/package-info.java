/** How live windows lie in Redis: what the processor writes and the API reads. */
package dev.millrace.pipeline.state;
