/**
 * The generator: synthetic events in the shape that a manifest declares. Actors come, do some
 * things in a session, and leave.
 */
package dev.millrace.producer.generate;
