/**
 * Kafka Connect's runtime in a process of its own, without its web server: connectors are given as
 * files, and what becomes of them is told in a file.
 */
package dev.millrace.connect;
