package dev.millrace.processor.state;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits for answers of Redis. A connection that gives none, or that has failed within an answer, is
 * closed, and a new one made: what comes on such a connection may belong to another question. For
 * many threads.
 */
final class Answers {
    /** So many in a row without an answer. */
    private static final int UNANSWERED = 3;

    private final Duration timeout;
    private final Runnable reconnect;
    private final AtomicInteger unanswered = new AtomicInteger();

    /**
     * Answers of one connection after the other.
     *
     * @param timeout how long one may take
     * @param reconnect closes the connection; the next command makes a new one
     */
    Answers(Duration timeout, Runnable reconnect) {
        this.timeout = timeout;
        this.reconnect = reconnect;
    }

    /**
     * An answer.
     *
     * @throws StoreUnavailableException when there is none in time, or it is an error
     */
    <T> T await(CompletionStage<T> answer) {
        try {
            return inTime(answer).get();
        } catch (ExecutionException e) {
            throw new StoreUnavailableException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailableException(e);
        }
    }

    /** The answer, or the failure that there is none in time. */
    <T> CompletableFuture<T> inTime(CompletionStage<T> answer) {
        return answer.thenApply(each -> each)
                .toCompletableFuture()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((_, failure) -> note(failure));
    }

    private void note(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (!(cause instanceof TimeoutException)) {
            unanswered.set(0);
        }
        // An error, such as of memory, is none that Redis has sent.
        if (cause instanceof Error
                || cause instanceof TimeoutException
                        && unanswered.incrementAndGet() % UNANSWERED == 0) {
            reconnect.run();
        }
    }
}
