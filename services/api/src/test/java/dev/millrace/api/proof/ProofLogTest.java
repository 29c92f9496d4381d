package dev.millrace.api.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.Pipelines;
import dev.millrace.api.proof.ProvenBucket.Result;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.audit.recount.Contents.Difference;
import dev.millrace.pipeline.plan.Granularity;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.junit.jupiter.api.Test;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** What differs is remembered until it is right or gone. */
class ProofLogTest {
    private static final Plan SHOP = Pipelines.shop();
    private static final MeasurePlan ORDERS =
            SHOP.measures()
                    .filter(metric -> metric.name().equals("orders"))
                    .findFirst()
                    .orElseThrow();

    private final ProofLog log = new ProofLog(new SimpleMeterRegistry(), 3);

    @Test
    void whatDiffersStaysUntilItIsRight() {
        log.add(List.of(proven(1, Result.different), proven(2, Result.different)));
        log.add(List.of(proven(1, Result.skipped), proven(3, Result.equal)));
        assertThat(log.report().differing())
                .extracting(one -> one.bucket().start())
                .containsExactly(60_000L, 120_000L);

        log.add(List.of(proven(1, Result.equal)));
        assertThat(log.differing()).containsExactly(bucket(2).key());
        assertThat(log.report().lastDifferent().bucket()).isEqualTo(bucket(2));
    }

    @Test
    void whatIsGoneFromRedisDoesNotMatterAnyMore() {
        log.add(List.of(proven(1, Result.different), proven(2, Result.different)));
        log.retain(Set.of(bucket(2).key(), bucket(7).key()));
        assertThat(log.differing()).containsExactly(bucket(2).key());
    }

    @Test
    void ofVeryManyTheFirstAreKept() {
        log.add(IntStream.range(0, 500).mapToObj(i -> proven(i, Result.different)).toList());
        assertThat(log.differing()).hasSize(100).startsWith(bucket(0).key());
    }

    @Test
    void itIsToldAsJson() {
        log.add(List.of(proven(1, Result.different)));
        Map<String, Object> shape = ProofShape.of(log.report());
        assertThat((List<?>) shape.get("differing"))
                .singleElement()
                .asString()
                .contains("metric=orders", "bucket=" + bucket(1).key(), "fromRedis=12");
        assertThat(ProofShape.summary(log.report()))
                .containsKey("since")
                .containsEntry("differing", 1);
    }

    private static ProvenBucket proven(int minute, Result result) {
        boolean compared = result != Result.skipped;
        return new ProvenBucket(
                bucket(minute),
                Instant.now(),
                result,
                compared ? BigInteger.valueOf(12) : null,
                compared ? BigInteger.TEN : null,
                compared ? new Difference(1, BigInteger.TWO, "") : null,
                compared ? null : "it changes too fast");
    }

    private static Bucket bucket(int minute) {
        return new Bucket(ORDERS, Granularity.MINUTE, minute * 60_000L);
    }
}
