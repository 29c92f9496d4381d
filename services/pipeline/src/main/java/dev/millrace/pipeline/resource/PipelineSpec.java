package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

import java.util.List;

/**
 * What a pipeline is made of. Absent lists are {@code null}, as they are in the manifest.
 *
 * @param streams the events that flow; at least one
 * @param tables what is known about things, for streams to join
 * @param metrics what is counted over windows
 * @param views answers of a shape that a client expects
 * @param audit how every event is recorded
 * @param clock what "now" means: {@code wall} by default
 * @param dashboard title and panels
 * @param kafka the broker: managed unless external
 * @param redis the store of live windows: managed unless external
 * @param mongo the store of the audit: managed unless external
 */
public record PipelineSpec(
        @JsonPropertyDescription("The events that flow; at least one") @Required @Size(min = 1)
                List<StreamSpec> streams,
        @JsonPropertyDescription("What is known about things, for streams to join")
                List<TableSpec> tables,
        @JsonPropertyDescription("What is counted over windows") List<MetricSpec> metrics,
        @JsonPropertyDescription("Answers of a shape that a client expects") List<ViewSpec> views,
        @JsonPropertyDescription("How every event is recorded") AuditSpec audit,
        @JsonPropertyDescription("What \"now\" means: wall by default") @Default("wall")
                Clock clock,
        @JsonPropertyDescription("Title and panels") DashboardSpec dashboard,
        @JsonPropertyDescription("The broker: managed unless external") KafkaSpec kafka,
        @JsonPropertyDescription("The store of live windows: managed unless external")
                RedisSpec redis,
        @JsonPropertyDescription("The store of the audit: managed unless external")
                MongoSpec mongo) {}
