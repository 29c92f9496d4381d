package dev.millrace.api.sink;

import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.BucketSource;
import dev.millrace.api.history.Rollup;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.SinkPlan;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/** The buckets of a sink's metrics, of each the shortest ones: minutes where it has them. */
final class WantedBuckets implements BucketSource {
    private final BucketSource all;
    private final Map<String, Granularity> wanted = new HashMap<>();

    WantedBuckets(SinkPlan sink, BucketSource all) {
        this.all = all;
        sink.metrics().forEach(metric -> wanted.put(metric.name(), shortest(metric)));
    }

    /** The size of a metric's buckets that is written. */
    static Granularity shortest(MeasurePlan metric) {
        return metric.granularities().stream()
                .min(Comparator.comparingLong(Granularity::millis))
                .orElseThrow();
    }

    private boolean isWanted(Bucket bucket) {
        return bucket.granularity() == wanted.get(bucket.metric().name());
    }

    @Override
    public Head head(long after) throws InterruptedException {
        Head head = all.head(after);
        return new Head(
                head.fingerprint(),
                head.era(),
                head.sequence(),
                head.positions(),
                head.lost(),
                head.valid(),
                head.rejected(),
                head.late(),
                head.changed().stream().filter(this::isWanted).toList());
    }

    @Override
    public Map<Bucket, Rollup> read(Collection<Bucket> buckets) throws InterruptedException {
        return all.read(buckets);
    }

    @Override
    public void close() {
        all.close();
    }
}
