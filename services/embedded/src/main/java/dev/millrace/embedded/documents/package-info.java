/**
 * The documents of the Mongo-compatible store: mongo-java-server's, with what it leaves out.
 *
 * <ul>
 *   <li>Queries take memory for what they give, not for what they read: {@link
 *       dev.millrace.embedded.documents.DocumentCollection}.
 *   <li>Indexes that are not unique are kept and used: {@link
 *       dev.millrace.embedded.documents.OrderedIndex}.
 *   <li>Documents expire where an index says so: {@link dev.millrace.embedded.documents.Expiry}.
 * </ul>
 *
 * <p>Queries take no lock: what is stored is never changed in place, and a query that lasts reads
 * what is there when it gets to it, as in MongoDB.
 */
package dev.millrace.embedded.documents;
