/**
 * Serves a pipeline's numbers: REST, server-sent events, the manifest's views and the dashboard.
 *
 * <p>{@code state} follows Redis, {@code window} is what it finds, all else answers from that.
 */
package dev.millrace.api;
