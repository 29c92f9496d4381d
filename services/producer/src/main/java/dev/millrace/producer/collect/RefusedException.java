package dev.millrace.producer.collect;

import org.springframework.http.HttpStatus;

import java.io.Serial;
import java.time.Duration;
import java.util.Map;

/** A request that the collector does not take, or could not carry out in full. */
final class RefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final HttpStatus status;
    private final transient Duration retryAfter;
    private final transient Map<String, Object> facts;

    private RefusedException(
            HttpStatus status, String detail, Duration retryAfter, Map<String, Object> facts) {
        super(detail, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.facts = facts;
    }

    /**
     * A fault of the request: nothing was written, and repeating it does not help.
     *
     * @param detail what is wrong and what to do next
     */
    static RefusedException of(HttpStatus status, String detail) {
        return new RefusedException(status, detail, null, Map.of());
    }

    /** A request that was too much at this moment: nothing was written. */
    static RefusedException busy(String detail) {
        return new RefusedException(
                HttpStatus.TOO_MANY_REQUESTS, detail, Duration.ofSeconds(1), Map.of());
    }

    /**
     * A request that Kafka did not acknowledge.
     *
     * @param accepted events that were written all the same
     * @param events events of the request
     */
    static RefusedException unavailable(String detail, int accepted, int events) {
        return new RefusedException(
                HttpStatus.SERVICE_UNAVAILABLE,
                detail,
                Duration.ofSeconds(5),
                Map.of("accepted", accepted, "events", events));
    }

    HttpStatus status() {
        return status;
    }

    /** When to try again; {@code null} where that does not help. */
    Duration retryAfter() {
        return retryAfter;
    }

    /** Further members of the problem. */
    Map<String, Object> facts() {
        return facts;
    }
}
