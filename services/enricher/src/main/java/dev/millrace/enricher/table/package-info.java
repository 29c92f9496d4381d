/** Rows of tables: from files into topics, and from topics into memory. */
package dev.millrace.enricher.table;
