/** The life of the enricher: waiting for servers, loading, running, beginning anew. */
package dev.millrace.enricher.run;
