/**
 * The processor: reads the streams, counts what is valid into windows in Redis, and sends what is
 * not to the dead letters.
 *
 * <ul>
 *   <li>{@code counting}: what events add to windows, in memory
 *   <li>{@code state}: the windows in Redis, and the position in the log that they stand for
 *   <li>{@code deadletter}: events that do not count
 *   <li>{@code loop}: the thread that polls, counts and flushes
 * </ul>
 */
package dev.millrace.processor;
