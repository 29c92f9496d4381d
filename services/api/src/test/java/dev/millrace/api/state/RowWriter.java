package dev.millrace.api.state;

import dev.millrace.pipeline.state.StateKeys;

import io.lettuce.core.ScoredValue;

import java.time.Instant;

/** Writes rows of latest by hand as the processor's script does. */
public final class RowWriter {
    private final StateWriter writer;

    public RowWriter(StateWriter writer) {
        this.writer = writer;
    }

    long sequence() {
        return Long.parseLong(writer.redis().hget(writer.keys().meta(), "sequence"));
    }

    /** One row in a flush of its own. */
    public void put(String metric, String key, Instant at, String content) {
        String bucket = metric + ":all";
        long sequence = sequence() + 1;
        writer.redis().hset(bucket, key, at.toEpochMilli() + ":0:" + content);
        writer.redis().zadd(StateKeys.rowTimes(bucket), at.toEpochMilli(), key);
        writer.redis().zadd(StateKeys.rowChanges(bucket), sequence, key);
        writer.redis().zadd(writer.keys().changes(), sequence, bucket);
        writer.redis().hset(writer.keys().meta(), "sequence", Long.toString(sequence));
    }

    /** Keeps the newest rows. */
    void dropOldest(String metric, int limit) {
        String bucket = metric + ":all";
        while (writer.redis().hlen(bucket) > limit) {
            ScoredValue<String> oldest =
                    writer.redis().zrangeWithScores(StateKeys.rowTimes(bucket), 0, 0).getFirst();
            writer.redis().hdel(bucket, oldest.getValue());
            writer.redis().zrem(StateKeys.rowTimes(bucket), oldest.getValue());
            writer.redis().zrem(StateKeys.rowChanges(bucket), oldest.getValue());
            writer.redis().incr(StateKeys.rowsDropped(bucket));
        }
    }
}
