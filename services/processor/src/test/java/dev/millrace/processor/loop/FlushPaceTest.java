package dev.millrace.processor.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

class FlushPaceTest {
    private static final Duration SHORTEST = Duration.ofMillis(50);

    private final FlushPace pace = new FlushPace(SHORTEST, 2);

    private void flush(int times, long millis, int partitions, long lag) {
        for (int i = 0; i < times; i++) {
            pace.flushed(Duration.ofMillis(millis), partitions, lag);
        }
    }

    @Test
    void fastFlushesComeAsOftenAsReadersLike() {
        assertThat(pace.interval()).isEqualTo(SHORTEST);
        flush(100, 3, 6, 0);
        assertThat(pace.interval()).isEqualTo(SHORTEST);
    }

    @Test
    void slowOnesLeaveRedisHalfOfItsTime() {
        flush(200, 40, 6, 0);
        // Two at once: 6 partitions keep Redis busy for 3 times 40 ms.
        assertThat(pace.interval().toMillis()).isBetween(230L, 240L);
    }

    @Test
    void oneThatWasDelayedChangesLittle() {
        flush(100, 3, 6, 0);
        flush(1, 100, 6, 0);
        assertThat(pace.interval().toMillis()).isLessThan(100);
    }

    @Test
    void itHasAnEnd() {
        flush(200, 4_000, 12, 0);
        assertThat(pace.interval()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void farBehindMoreIsAddedUpFirst() {
        flush(10, 3, 6, 5_000_000);
        assertThat(pace.interval()).isEqualTo(Duration.ofMillis(500));
        flush(1, 3, 6, 10);
        assertThat(pace.interval()).isEqualTo(SHORTEST);
    }
}
