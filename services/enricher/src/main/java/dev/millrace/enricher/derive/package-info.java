/** What one event of a stream becomes in the streams made from it. */
package dev.millrace.enricher.derive;
