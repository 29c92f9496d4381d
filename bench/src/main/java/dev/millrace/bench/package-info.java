/** What the measurements share. */
package dev.millrace.bench;
