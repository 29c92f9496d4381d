/** The versions that a row had before, from the events that the audit recorded. */
package dev.millrace.api.versions;
