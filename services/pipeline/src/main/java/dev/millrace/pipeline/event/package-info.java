/**
 * From the bytes of an event to its checked values. The processor and the audit share this code, so
 * they always agree whether an event is valid, and why not.
 */
package dev.millrace.pipeline.event;
