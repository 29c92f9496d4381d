/** Live windows in Redis, which move together with the position in the log that they stand for. */
package dev.millrace.processor.state;
