package dev.millrace.processor.counting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.event.Event;
import dev.millrace.pipeline.event.EventDecoder;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Texts that the decoder knows are counted as all others are, while it knows them, forgets them and
 * gives their numbers to others.
 */
class KnownTextsTest {
    private static final Plan PLAN =
            ManifestReader.parse(
                    "test",
                    """
                    apiVersion: millrace.dev/v1alpha1
                    kind: AnalyticsPipeline
                    metadata: {name: test}
                    spec:
                      streams:
                        - name: events
                          fields:
                            at: {type: timestamp}
                            user: {type: string, optional: true}
                            page: {type: string, optional: true}
                            amount: {type: integer}
                          time: at
                      metrics:
                        - {name: users, measure: unique, of: user, window: 5m}
                        - {name: views, measure: count, by: page, window: 5m}
                        - {name: sums, measure: sum, of: amount, by: user, window: 5m}
                        - {name: pages, measure: unique, of: page, by: user, window: 5m}
                        - {name: both, measure: count, by: 'user, page', window: 5m}
                    """);
    private static final StreamPlan STREAM = PLAN.streams().getFirst();
    private static final int NEVER_PACKED = Integer.MAX_VALUE;
    private static final int EVENTS = 60_000;
    private static final int FLUSH = 15_000;

    private final EventDecoder decoder = new EventDecoder(STREAM);
    private final Counter counter = new Counter(STREAM, PLAN.measures(STREAM), NEVER_PACKED);

    /** With 400 users all are known, with 40,000 most are pushed out by others. */
    @ParameterizedTest
    @ValueSource(ints = {400, 40_000})
    void countAsOthersDo(int users) {
        Random random = new Random(1);
        Deltas known = counter.deltas();
        Deltas unknown = counter.deltas();
        for (int i = 1; i <= EVENTS; i++) {
            String user = "user-" + skewed(random, users);
            String page = "/page/of/any/length/" + "x".repeat(skewed(random, 90));
            int n = random.nextInt(100);
            boolean hasUser = random.nextInt(50) > 0;
            boolean hasPage = random.nextInt(50) > 0;
            count(json(hasUser ? user : null, hasPage ? page : null, n), known);
            // an escape is nothing for the short cut, and so no text is known
            count(
                    json(hasUser ? user : null, hasPage ? page : null, n)
                            .replace("user-", "us\\u0065r-")
                            .replace("/page", "\\/page"),
                    unknown);
            if (i % FLUSH == 0) {
                assertThat(written(known)).isEqualTo(written(unknown)).hasSizeGreaterThan(100);
                known = counter.deltas();
                unknown = counter.deltas();
            }
        }
    }

    private static int skewed(Random random, int bound) {
        return (int) (bound * random.nextDouble() * random.nextDouble());
    }

    private static String json(String user, String page, int n) {
        return "{\"at\":\"2026-11-22T10:00:00.000Z\",\"user\":%s,\"page\":%s,\"amount\":%d}"
                .formatted(quoted(user), quoted(page), n);
    }

    private static String quoted(String text) {
        return text == null ? null : '"' + text + '"';
    }

    private void count(String json, Deltas deltas) {
        Event event = (Event) decoder.decode(json.getBytes(StandardCharsets.UTF_8), 0);
        counter.count(event, event.time(), deltas);
    }

    private static Map<String, Object> written(Deltas deltas) {
        Map<String, Object> written = new TreeMap<>();
        deltas.writeTo(new WrittenCells(written));
        return written;
    }
}
