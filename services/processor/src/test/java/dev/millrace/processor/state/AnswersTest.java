package dev.millrace.processor.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

class AnswersTest {
    private final AtomicInteger reconnected = new AtomicInteger();
    private final Answers answers = new Answers(Duration.ofMillis(1), reconnected::incrementAndGet);

    private void waitInVain() {
        assertThatThrownBy(() -> answers.await(new CompletableFuture<>()))
                .isInstanceOf(StoreUnavailableException.class)
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @Test
    void aConnectionThatGivesNoAnswersIsMadeAnew() {
        waitInVain();
        waitInVain();
        assertThat(answers.await(CompletableFuture.completedFuture("one"))).isEqualTo("one");
        waitInVain();
        waitInVain();
        assertThat(reconnected).hasValue(0);
        waitInVain();
        assertThat(reconnected).hasValue(1);
        waitInVain();
        assertThat(reconnected).hasValue(1);
    }

    @Test
    void whatRedisRefusesIsAnAnswer() {
        waitInVain();
        waitInVain();
        assertThatThrownBy(
                        () ->
                                answers.await(
                                        CompletableFuture.failedFuture(
                                                new IllegalStateException("WRONGTYPE"))))
                .isInstanceOf(StoreUnavailableException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
        waitInVain();
        assertThat(reconnected).hasValue(0);
    }

    @Test
    void anErrorWithinAnAnswerMakesTheConnectionAnew() {
        assertThatThrownBy(
                        () ->
                                answers.await(
                                        CompletableFuture.failedFuture(
                                                new OutOfMemoryError("direct buffer memory"))))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(reconnected).hasValue(1);
    }
}
