/** The command line: runs one pipeline in one process, on real servers, and sends events to it. */
package dev.millrace.local;
