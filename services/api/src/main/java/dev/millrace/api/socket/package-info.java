/** The live stream over WebSocket, for clients that prefer it to server-sent events. */
package dev.millrace.api.socket;
