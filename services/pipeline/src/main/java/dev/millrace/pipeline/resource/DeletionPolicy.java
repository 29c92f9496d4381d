package dev.millrace.pipeline.resource;

/** What becomes of the data when the pipeline is deleted. */
public enum DeletionPolicy {
    /** The volumes go with the pipeline. */
    Delete,
    /** The volumes and the passwords to them stay. */
    Retain
}
