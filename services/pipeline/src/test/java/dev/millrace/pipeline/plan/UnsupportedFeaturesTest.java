package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millrace.pipeline.manifest.ManifestReader;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;

/** What is understood but not run yet is refused rather than run in part. */
class UnsupportedFeaturesTest {
    @Test
    void everythingThatCannotRunIsNamed() {
        Plan plan =
                ManifestReader.parse(
                        "test",
                        """
                        apiVersion: millrace.dev/v1alpha1
                        kind: AnalyticsPipeline
                        metadata: {name: test}
                        spec:
                          tables: [{name: products, key: id, topic: products}]
                          streams:
                            - {name: orders, format: avro, fields: {id: {type: string}}}
                            - {name: known, from: orders}
                          metrics:
                            - {name: orders, from: orders, measure: count, window: 5m}
                        """);

        InvalidPipelineException refused =
                catchThrowableOfType(
                        InvalidPipelineException.class, () -> UnsupportedFeatures.refuse(plan));

        assertThat(refused.problems())
                .extracting(Problem::path)
                .containsExactly("spec.tables[0].fields");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"clickstream", "weblog", "orders", "storefront", "campaigns", "pizzashop"})
    void theShippedPipelinesRun(String name) {
        assertThatCode(() -> ManifestReader.readToRun(Path.of("../../k8s/" + name + ".yaml")))
                .doesNotThrowAnyException();
    }
}
