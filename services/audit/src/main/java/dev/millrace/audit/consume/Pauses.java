package dev.millrace.audit.consume;

import org.springframework.util.backoff.BackOffExecution;
import org.springframework.util.backoff.ExponentialBackOff;

import java.time.Duration;

/** Pauses between tries: each twice as long as the one before, not quite regular. */
final class Pauses {
    private Pauses() {}

    static BackOffExecution between(Duration first, Duration longest) {
        ExponentialBackOff pauses = new ExponentialBackOff(first.toMillis(), 2);
        pauses.setMaxInterval(longest.toMillis());
        pauses.setJitter(first.toMillis() / 4);
        return pauses.start();
    }
}
