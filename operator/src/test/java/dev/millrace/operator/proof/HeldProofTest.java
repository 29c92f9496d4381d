package dev.millrace.operator.proof;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.operator.proof.Proof.Verdict;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What is told of numbers changes as rarely as it may, and as soon as it must. */
class HeldProofTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Finding NOTHING = Finding.unknown("NothingProven", "no window", "a");

    private Instant now = Instant.parse("2026-03-01T10:00:00Z");
    private HeldProof held = new HeldProof(null, now);

    @Test
    void beginsWithNothing() {
        assertThat(held.proof()).isEqualTo(Proof.NOT_YET);
    }

    @Test
    void tellsWhatChangesAndOnlyThat() {
        assertThat(take(Finding.proven("a"))).isTrue();
        assertThat(take(Finding.proven("a"))).isFalse();
        assertThat(take(Finding.proven("b"))).isFalse();
        assertThat(take(different("a", "views:1"))).isTrue();
        assertThat(take(different("a", "views:1"))).isFalse();
        assertThat(verdict()).isEqualTo(Verdict.DIFFERENT);
    }

    @Test
    void numbersThatChangeAreNoNews() {
        take(Finding.unknown("NothingProven", "the audit is 12 events behind", "a"));
        assertThat(take(Finding.unknown("NothingProven", "the audit is 7 events behind", "a")))
                .isFalse();
        assertThat(take(Finding.unknown("NothingProven", "Redis cannot be read", "a"))).isTrue();
    }

    @Test
    void anInterruptionTakesNothingBackAtOnce() {
        take(Finding.proven("a"));
        Instant begun = now;
        while (now.isBefore(begun.plus(HeldProof.TRUSTED).minus(MINUTE))) {
            assertThat(take(Finding.unreachable("away"))).isFalse();
        }
        now = now.plus(MINUTE.multipliedBy(2));
        assertThat(take(NOTHING)).isTrue();
        assertThat(verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void aDifferenceIsOverWhenItsFinderSaysSo() {
        take(different("a", "views:1"));
        assertThat(take(Finding.proven("b"))).as("it has not looked there").isFalse();
        assertThat(take(Finding.unreachable("away"))).isFalse();
        assertThat(take(Finding.proven("a"))).isTrue();
        assertThat(verdict()).isEqualTo(Verdict.PROVEN);
    }

    @Test
    void aDifferenceWhoseFinderIsGoneLastsUntilOthersHadTimeToFindIt() {
        take(different("a", "views:1"));
        Instant begun = now;
        while (now.isBefore(begun.plus(HeldProof.FEARED).minus(MINUTE))) {
            assertThat(take(Finding.proven("b"))).isFalse();
        }
        now = now.plus(MINUTE.multipliedBy(2));
        assertThat(take(Finding.proven("b"))).isTrue();
    }

    @Test
    void aDifferenceStaysWhileNobodyAnswers() {
        take(different("a", "views:1"));
        now = now.plus(HeldProof.FEARED.multipliedBy(9));
        assertThat(take(Finding.unreachable("away"))).isFalse();
    }

    @Test
    void anotherBucketIsToldWhenTheFirstIsRight() {
        take(different("a", "views:1", "views:2"));
        assertThat(take(different("b", "users:7"))).as("of another process").isFalse();
        assertThat(take(different("a", "views:2", "views:1"))).as("still among them").isFalse();
        assertThat(take(different("a", "views:2"))).isTrue();
        assertThat(held.proof().message()).contains("views:2");
    }

    @Test
    void ofBucketsWithLikeNamesEachIsItself() {
        take(different("a", "views:2026030110"));
        assertThat(take(different("a", "views:20260301"))).isTrue();
    }

    @Test
    void aNewOperatorGoesOnWithWhatWasTold() {
        take(different("a", "views:1"));
        Condition told = condition("False", "NumbersDiffer", held.proof().message());

        held = new HeldProof(told, now);
        assertThat(held.proof().verdict()).isEqualTo(Verdict.DIFFERENT);
        assertThat(take(different("a", "views:1"))).isFalse();
        assertThat(take(Finding.proven("a"))).as("its finder is known again").isTrue();

        held = new HeldProof(condition("True", "Proven", "x"), now);
        assertThat(take(Finding.unreachable("away"))).isFalse();
        held = new HeldProof(condition("Unknown", "NothingProven", "no window"), now);
        assertThat(take(NOTHING)).isFalse();
    }

    private static Condition condition(String status, String reason, String message) {
        return new ConditionBuilder()
                .withType(Proof.CONDITION)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .build();
    }

    private boolean take(Finding finding) {
        now = now.plus(MINUTE);
        return held.take(finding, now);
    }

    private Verdict verdict() {
        return held.proof().verdict();
    }

    private static Finding different(String process, String... buckets) {
        return new Finding(
                new Proof(
                        Verdict.DIFFERENT,
                        "NumbersDiffer",
                        "Metric views, " + ProofAnswer.mark(buckets[0]) + "differs"),
                List.of(buckets),
                process);
    }
}
