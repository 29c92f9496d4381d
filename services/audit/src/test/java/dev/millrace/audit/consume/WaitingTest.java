package dev.millrace.audit.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.audit.document.Entry;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class WaitingTest {
    private final Waiting waiting = new Waiting();

    private static Entry entry(int partition, long offset, int bytes) {
        var where = new TopicPartition("t", partition);
        return new Entry(where, offset, Optional.empty(), 0, new byte[bytes], 0, null, 0, offset);
    }

    @Test
    void givesTheOldestWithinBothBounds() {
        for (int i = 0; i < 10; i++) {
            waiting.add(entry(i % 2, i, 100));
        }
        long all = waiting.bytes();
        assertThat(waiting.oldest()).isZero();
        assertThat(waiting.take(3, Long.MAX_VALUE))
                .extracting(Entry::offset)
                .containsExactly(0L, 1L, 2L);
        int weight = entry(0, 0, 100).weight();
        assertThat(waiting.take(100, 2L * weight))
                .extracting(Entry::offset)
                .containsExactly(3L, 4L);
        assertThat(waiting.take(100, 1)).extracting(Entry::offset).containsExactly(5L);
        assertThat(waiting.bytes()).isEqualTo(all - 6L * weight);
        assertThat(waiting.oldest()).isEqualTo(6);
    }

    @Test
    void givesAllOfAPartition() {
        for (int i = 0; i < 6; i++) {
            waiting.add(entry(i % 3, i, 10));
        }
        assertThat(waiting.takeAll(List.of(new TopicPartition("t", 1))))
                .extracting(Entry::offset)
                .containsExactly(1L, 4L);
        assertThat(waiting.size()).isEqualTo(4);
        waiting.take(4, Long.MAX_VALUE);
        assertThat(waiting.bytes()).isZero();
    }

    @Test
    void readsOnlyItsOwnMetadata() {
        assertThat(Watermark.read(Watermark.write(1_795_257_600_000L)))
                .hasValue(1_795_257_600_000L);
        assertThat(Watermark.read("")).isEmpty();
        assertThat(Watermark.read(null)).isEmpty();
        assertThat(Watermark.read("watermark=")).isEmpty();
        assertThat(Watermark.read("something else")).isEmpty();
    }
}
