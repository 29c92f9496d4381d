package dev.millrace.pipeline.resource;

/** What "now" means to a pipeline's windows. Written in lower case in the manifest. */
public enum Clock {
    /** The time of day: windows end now. */
    wall,
    /**
     * The highest event time seen so far: windows end at the newest event, for replays of old data.
     */
    event
}
