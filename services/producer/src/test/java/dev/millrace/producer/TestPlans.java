package dev.millrace.producer;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.Plan;

import java.nio.file.Path;

/** Pipelines for tests. */
public final class TestPlans {
    private TestPlans() {}

    /** The clickstream of the examples. */
    public static Plan clickstream() {
        return ManifestReader.read(Path.of("../../k8s/clickstream.yaml"));
    }

    /** A pipeline of one metric, with the streams given in YAML at the right indentation. */
    public static Plan withStreams(String streams) {
        return ManifestReader.parse(
                "test",
                """
                apiVersion: millrace.dev/v1alpha1
                kind: AnalyticsPipeline
                metadata: {name: test}
                spec:
                  streams:
                %s
                  metrics:
                    - {name: events, measure: count, from: events, window: 5m}
                """
                        .formatted(streams.indent(4).stripTrailing()));
    }

    /** One stream called events: fields id, n and (optional) note, key id, in a topic. */
    public static Plan simple(String topic) {
        return withStreams(
                """
                - name: events
                  fields:
                    id: {type: string}
                    "n": {type: integer}
                    note: {type: string, optional: true}
                  key: id
                  topic: {name: %s, partitions: 3}
                """
                        .formatted(topic));
    }
}
