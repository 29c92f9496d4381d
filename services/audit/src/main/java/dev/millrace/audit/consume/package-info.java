/**
 * Reading the log: decide, gather, write, and only then commit. What is committed is recorded; what
 * is recorded but not committed is read again and found to be there.
 */
package dev.millrace.audit.consume;
