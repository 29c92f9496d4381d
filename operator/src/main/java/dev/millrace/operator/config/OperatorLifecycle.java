package dev.millrace.operator.config;

import io.javaoperatorsdk.operator.Operator;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the operator beside the web server, for a replica that does not lead waits in its start.
 */
final class OperatorLifecycle implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(OperatorLifecycle.class);
    private static final int FAILED = 1;

    private final Operator operator;
    private final Leadership leadership;
    private volatile boolean running;

    OperatorLifecycle(Operator operator, Leadership leadership) {
        this.operator = operator;
        this.leadership = leadership;
    }

    @Override
    public void start() {
        running = true;
        Thread.ofPlatform().name("millrace-operator").start(this::run);
    }

    private void run() {
        try {
            operator.start();
            log.info("Watching for pipelines");
        } catch (RuntimeException e) {
            if (running) {
                log.error(
                        "The operator cannot start: {}. Is the CRD installed, and may the operator's account watch what it makes?",
                        e.getMessage(),
                        e);
                // Kubernetes starts it again, with growing pauses
                System.exit(FAILED);
            }
        }
    }

    @Override
    public void stop() {
        running = false;
        leadership.end();
        operator.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
