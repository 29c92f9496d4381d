package dev.millrace.pipeline.event;

/** What the bytes of an event turned out to be. */
public sealed interface Decoded permits Event, Rejected {}
