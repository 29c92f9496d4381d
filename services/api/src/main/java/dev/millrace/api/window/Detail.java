package dev.millrace.api.window;

/** What a measure tells besides its one number. */
public sealed interface Detail permits Percentiles, Ages, RowTable {}
