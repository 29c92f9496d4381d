package dev.millrace.api.sink;

import dev.millrace.api.history.Archive.Entry;
import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.BucketSource;
import dev.millrace.api.history.History;
import dev.millrace.api.history.Progress;
import dev.millrace.api.history.Rollup;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.SinkPlan;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What was counted while a sink was away, and is gone from Redis: history has it. For one thread.
 */
final class MissedBuckets {
    private static final int AT_ONCE = 64;

    private final History history;
    private final Iterator<Bucket> left;

    private MissedBuckets(History history, Iterator<Bucket> left) {
        this.history = history;
        this.left = left;
    }

    /**
     * The buckets that may have been missed since a sink had everything.
     *
     * @param progress of the sink
     * @param past of history
     */
    static MissedBuckets since(
            Progress progress, History.State past, Plan plan, SinkPlan sink, History history) {
        Stream<Bucket> buckets =
                sink.metrics().stream()
                        .flatMap(metric -> buckets(metric, progress.now(), past.clock(), plan));
        return new MissedBuckets(history, buckets.iterator());
    }

    private static Stream<Bucket> buckets(MeasurePlan metric, long from, long to, Plan plan) {
        Granularity size = WantedBuckets.shortest(metric);
        long lateness = plan.stream(metric.stream()).orElseThrow().lateness().toMillis();
        long kept =
                switch (size) {
                    case MINUTE -> plan.history().minutes().toMillis();
                    case HOUR -> plan.history().hours().toMillis();
                    case DAY, ALL -> Long.MAX_VALUE / 2;
                };
        long begin = size.start(Math.max(from - lateness - size.millis(), to - kept));
        return LongStream.iterate(begin, at -> at <= to, at -> at + size.millis())
                .mapToObj(at -> new Bucket(metric, size, at));
    }

    boolean isDone() {
        return !left.hasNext();
    }

    /**
     * The next of them, as history has them; without those that Redis still has, for they are
     * written from there.
     */
    List<Entry> next(BucketSource live) throws InterruptedException {
        List<Bucket> some = new ArrayList<>();
        while (some.size() < AT_ONCE && left.hasNext()) {
            some.add(left.next());
        }
        some.removeAll(live.read(some).keySet());
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<Bucket, Rollup> found : history.read(some).entrySet()) {
            entries.add(new Entry(found.getKey(), found.getValue(), 0, 0, 0));
        }
        return entries;
    }
}
