package dev.millrace.audit;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import java.util.concurrent.atomic.AtomicInteger;

/** Pipelines for tests, each with topics of its own. */
public final class Manifests {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private Manifests() {}

    /** Clicks: with a user, a kind, an optional amount and size; counted in several ways. */
    public static Plan clicks(String clock, int partitions, String audit) {
        int number = NUMBER.incrementAndGet();
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: audit-test-%1$d}
                spec:
                  clock: %2$s
                  streams:
                    - name: clicks-%1$d
                      fields:
                        at: {type: timestamp}
                        user: {type: string}
                        kind: {type: string, enum: [view, buy]}
                        amount: {type: number, optional: true}
                        size: {type: integer, optional: true}
                        page.path: {type: string, optional: true}
                      time: at
                      key: user
                      lateness: 2m
                      topic: {partitions: %3$d, replicas: 1, retention: 1d}
                  metrics:
                    - {name: clicks, measure: count, window: 5m}
                    - {name: views, measure: count, where: 'kind == "view"', window: 5m}
                    - {name: by_path, measure: count, by: page.path, window: 5m}
                    - {name: revenue, measure: sum, of: amount, window: 1h}
                    - {name: bytes, measure: sum, of: size, by: kind, window: 1h}
                    - {name: users, measure: unique, of: user, window: 5m}
                    - {name: users_by_path, measure: unique, of: user, by: "kind, page.path", window: 5m}
                  audit: %4$s
                """
                        .formatted(number, clock, partitions, audit));
    }
}
