/** The HTTP collector: from the body of a request to acknowledged records. */
package dev.millrace.producer.collect;
