package dev.millrace.api.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

class WorkerTest {
    /** Whoever gives back a lease talks to a server, which an interrupted thread cannot. */
    @Test
    void whatIsDoneAtTheEndIsNotInterrupted() throws InterruptedException {
        CountDownLatch working = new CountDownLatch(1);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Worker worker =
                new Worker(Thread.ofPlatform().daemon().name("test")) {
                    @Override
                    protected Duration work() {
                        working.countDown();
                        while (!isStopping()) {
                            Thread.onSpinWait();
                        }
                        return Duration.ZERO;
                    }

                    @Override
                    protected void end() {
                        interrupted.set(Thread.currentThread().isInterrupted());
                    }
                };
        worker.start();
        working.await();
        worker.stop();
        assertThat(interrupted.get()).isFalse();
        assertThat(worker.isRunning()).isFalse();
    }

    @Test
    void whatNobodyHasThoughtOfDoesNotEndIt() throws InterruptedException {
        CountDownLatch times = new CountDownLatch(3);
        Worker worker =
                new Worker(Thread.ofPlatform().daemon().name("test")) {
                    @Override
                    protected Duration work() {
                        times.countDown();
                        throw new IllegalStateException("not thought of");
                    }
                };
        worker.start();
        try {
            assertThat(times.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            worker.stop();
        }
    }
}
