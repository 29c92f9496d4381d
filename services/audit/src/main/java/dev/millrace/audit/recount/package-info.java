/** The pipeline's numbers, counted again from the recorded events alone. */
package dev.millrace.audit.recount;
