package dev.millrace.processor.counting;

import dev.millrace.pipeline.event.Event;

/** A cell that takes from an event what its metric measures. */
sealed interface EventCell extends Cell permits Averages, Extremes, Distributions, Rows {
    /** Adds an event; says how many writes more its flush takes. */
    int add(Event event);
}
