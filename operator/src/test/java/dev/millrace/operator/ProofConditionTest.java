package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;

import org.junit.jupiter.api.Test;

import java.time.Instant;

/** Whether numbers are proven is a condition, and nothing is written while it stays. */
class ProofConditionTest extends OnCluster {
    private static final String PROCESS = "2026-03-01T08:00:00Z";

    @Test
    void theConditionFollowsWhatTheApiFinds() {
        ready(SHOP);
        assertThat(proven().getStatus()).isEqualTo("Unknown");
        assertThat(proven().getReason()).isEqualTo("NotYetProven");

        answer(PROCESS, "");
        within(() -> assertThat(proven().getStatus()).isEqualTo("True"));

        answer(PROCESS, bucket("views:202603010950", 12));
        within(() -> assertThat(proven().getStatus()).isEqualTo("False"));
        assertThat(proven().getReason()).isEqualTo("NumbersDiffer");
        assertThat(proven().getMessage())
                .contains("Metric views, bucket views:202603010950 differs: Redis holds 12");
        within(() -> assertThat(events()).contains("NumbersDiffer"));
        assertThat(condition("Ready").getStatus()).as("it runs").isEqualTo("True");

        answer("2026-03-01T09:30:00Z", "");
        untilAskedAgain();
        assertThat(proven().getStatus()).as("who says so has not found it").isEqualTo("False");

        answer(PROCESS, "");
        within(() -> assertThat(proven().getStatus()).isEqualTo("True"));
    }

    @Test
    void nothingIsWrittenWhileNothingElseIsTold() {
        ready(SHOP);
        answer(PROCESS, bucket("views:202603010950", 12));
        within(() -> assertThat(proven().getStatus()).isEqualTo("False"));
        var before = settled(this::versions);

        answer(PROCESS, bucket("views:202603010950", 13));
        untilAskedAgain();
        cluster.apis().answer(namespace, "shop", "no JSON");
        untilAskedAgain();

        assertThat(versions()).isEqualTo(before);
    }

    @Test
    void anApiThatDoesNotRunIsNotAsked() throws InterruptedException {
        apply(SHOP);
        within(() -> assertThat(proven().getReason()).isEqualTo("NotYetProven"));
        Thread.sleep(LONG_ENOUGH_TO_ACT);
        assertThat(cluster.apis().asked(namespace, "shop")).isZero();
    }

    @Test
    void whatIsKnownStaysWhilePaused() {
        ready(SHOP);
        answer(PROCESS, "");
        within(() -> assertThat(proven().getStatus()).isEqualTo("True"));

        annotate("true");
        within(() -> assertThat(condition("ReconciliationPaused").getStatus()).isEqualTo("True"));
        assertThat(proven().getStatus()).isEqualTo("True");

        answer(PROCESS, bucket("views:202603010950", 12));
        untilAskedAgain();
        assertThat(proven().getStatus()).isEqualTo("True");
        annotate(null);
        within(() -> assertThat(proven().getStatus()).isEqualTo("False"));
    }

    private Condition proven() {
        return condition("NumbersProven");
    }

    private void untilAskedAgain() {
        int before = cluster.apis().asked(namespace, "shop");
        within(() -> assertThat(cluster.apis().asked(namespace, "shop")).isGreaterThan(before + 2));
    }

    private void answer(String process, String differing) {
        cluster.apis()
                .answer(
                        namespace,
                        "shop",
                        """
                        {"sinceStart": {"since": "%s", "waiting": null}, "differing": [%s],
                         "recent": [{"result": "equal", "at": "%s"}]}"""
                                .formatted(process, differing, Instant.now()));
    }

    private static String bucket(String key, int fromRedis) {
        return """
        {"metric": "views", "bucket": "%s", "fromRedis": %d, "fromAudit": 10,
         "entriesDifferent": 1, "largestDifference": 2, "entry": "/home"}"""
                .formatted(key, fromRedis);
    }
}
