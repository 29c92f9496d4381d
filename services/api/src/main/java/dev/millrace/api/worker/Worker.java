package dev.millrace.api.worker;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;

/**
 * Something that a thread of its own does again and again, with pauses, until it is stopped. What
 * fails is tried again, later each time.
 */
public abstract class Worker implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration STOP = Duration.ofSeconds(5);
    private static final int MOST_DOUBLINGS = 9;

    private final Thread.Builder builder;
    private volatile Thread thread;
    private int failures;
    private int unexpected;

    /**
     * Something that is not done yet.
     *
     * @param builder of the thread
     */
    protected Worker(Thread.Builder builder) {
        this.builder = builder;
    }

    /** Does it once; answers how long to pause then. */
    protected abstract Duration work() throws InterruptedException;

    /** After the last time, in the same thread: gives back what is held. */
    protected void end() {}

    @Override
    public synchronized void start() {
        thread = builder.unstarted(this::run);
        thread.start();
    }

    @Override
    public synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        thread = null;
        running.interrupt();
        try {
            running.join(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    private void run() {
        try {
            while (!isStopping()) {
                Duration pause = once();
                if (!isStopping()) {
                    Thread.sleep(pause);
                }
            }
        } catch (InterruptedException _) {
            // stop() asks for it
        } finally {
            // it has done its work, and would fail what gives back a lease
            Thread.interrupted();
            end();
        }
    }

    /** What nobody has thought of does not end the thread, without which nothing moves on. */
    private Duration once() throws InterruptedException {
        try {
            Duration pause = work();
            unexpected = 0;
            return pause;
        } catch (RuntimeException e) {
            if (unexpected == 0 && !isStopping()) {
                LOG.error("{} failed; trying on", Thread.currentThread().getName(), e);
            }
            return doubled(FIRST_PAUSE, unexpected++, LONGEST_PAUSE);
        }
    }

    /** Whether this is the last time, asked by the thread itself. */
    protected final boolean isStopping() {
        return thread != Thread.currentThread();
    }

    /** Whether it went well the last time. */
    protected final boolean isHealthy() {
        return failures == 0;
    }

    /** It went well; answers whether it had failed before. */
    protected final boolean recovered() {
        boolean had = failures > 0;
        failures = 0;
        return had;
    }

    /**
     * It failed; answers how long to pause.
     *
     * @param first the pause after the first failure, doubled for each more
     * @param longest the longest pause
     */
    protected final Duration backOff(Duration first, Duration longest) {
        return doubled(first, failures++, longest);
    }

    private static Duration doubled(Duration first, int times, Duration longest) {
        Duration pause = first.multipliedBy(1L << Math.min(times, MOST_DOUBLINGS));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }

    /**
     * How long to pause, so that it takes a part of the time only.
     *
     * @param begin when it began, by {@link System#nanoTime}
     * @param share the part, above 0 and up to 1
     */
    protected static Duration rest(long begin, double share) {
        return Duration.ofNanos((long) ((System.nanoTime() - begin) * (1 - share) / share));
    }

    /** The longer one. */
    protected static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }
}
