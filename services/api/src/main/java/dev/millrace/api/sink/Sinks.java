package dev.millrace.api.sink;

import org.springframework.context.SmartLifecycle;

import java.util.List;
import java.util.Map;

/** The sinks of a pipeline, and how writing to each of them goes. */
public final class Sinks implements SmartLifecycle {
    private final List<SinkWriter> writers;
    private final List<SinkLog> logs;
    private final boolean enabled;
    private volatile boolean running;

    Sinks(List<SinkWriter> writers, List<SinkLog> logs, boolean enabled) {
        this.writers = List.copyOf(writers);
        this.logs = List.copyOf(logs);
        this.enabled = enabled;
    }

    /** How far each is written: a part of the status. */
    public List<Map<String, Object>> shape() {
        return logs.stream().map(SinkLog::shape).toList();
    }

    @Override
    public void start() {
        running = true;
        if (enabled) {
            writers.forEach(SinkWriter::start);
        } else {
            logs.forEach(
                    log ->
                            log.waits(
                                    "it is switched off here: millrace.api.sinks.enabled is false"));
        }
    }

    @Override
    public void stop() {
        running = false;
        writers.forEach(SinkWriter::stop);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
