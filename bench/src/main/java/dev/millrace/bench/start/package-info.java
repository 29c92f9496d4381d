/**
 * How long a local pipeline takes from the command to its first numbers, beside its three servers
 * alone.
 */
package dev.millrace.bench.start;
