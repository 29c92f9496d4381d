package dev.millrace.processor.state;

import java.util.Optional;

/**
 * A partition that was taken over.
 *
 * @param owner the number that flushes must name
 * @param position how far it has been counted; empty where it never was
 */
public record Taken(long owner, Optional<Position> position) {}
