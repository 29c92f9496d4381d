package dev.millrace.operator.desired;

import dev.millrace.pipeline.plan.PlanCompiler;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.client.utils.Serialization;
import io.strimzi.api.kafka.model.kafka.Kafka;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What is made of a pipeline that is shipped. */
public final class ShippedPipeline {
    private ShippedPipeline() {}

    /** Its Kafka. */
    public static Kafka kafka(Path manifest) throws IOException {
        AnalyticsPipeline pipeline =
                Serialization.unmarshal(Files.readString(manifest), AnalyticsPipeline.class);
        pipeline.getMetadata().setNamespace("shop");
        return KafkaObjects.kafka(
                new PipelineView(
                        pipeline,
                        PlanCompiler.compile(pipeline.getMetadata().getName(), pipeline.getSpec()),
                        null));
    }
}
