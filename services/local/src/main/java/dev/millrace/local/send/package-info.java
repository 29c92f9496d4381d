/** Sends a file of events to a pipeline's collector. */
package dev.millrace.local.send;
