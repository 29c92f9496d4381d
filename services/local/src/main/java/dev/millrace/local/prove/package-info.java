/** {@code millrace prove}: every live number against a recount of the records. */
package dev.millrace.local.prove;
