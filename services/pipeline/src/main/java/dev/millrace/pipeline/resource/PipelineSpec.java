package dev.millrace.pipeline.resource;

import io.fabric8.generator.annotation.Required;

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
        @Required List<StreamSpec> streams,
        List<TableSpec> tables,
        List<MetricSpec> metrics,
        List<ViewSpec> views,
        AuditSpec audit,
        Clock clock,
        DashboardSpec dashboard,
        KafkaSpec kafka,
        RedisSpec redis,
        MongoSpec mongo) {}
