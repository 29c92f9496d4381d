/** What a dead letter says about its event. */
package dev.millrace.pipeline.deadletter;
