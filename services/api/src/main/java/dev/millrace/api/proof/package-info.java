/** Live numbers, proven: buckets in Redis against a recount of the audit's records. */
package dev.millrace.api.proof;
