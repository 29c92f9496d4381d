package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.List;

/**
 * What a pipeline is made of. Absent lists are {@code null}, as they are in the manifest.
 *
 * @param streams the events that flow; at least one
 * @param tables what is known about things, for streams to join
 * @param metrics what is counted over windows
 * @param views answers of a shape that a client expects
 * @param audit how every event is recorded
 * @param history how long the numbers of past minutes, hours and days are kept
 * @param sinks servers that numbers are also written to; at most 10
 * @param stats which numbers also go to the compacted topic NAME-stats; absent: none do
 * @param clock what "now" means: {@code wall} by default
 * @param dashboard title and panels
 * @param kafka the broker: managed unless external
 * @param redis the store of live windows: managed unless external
 * @param mongo the store of the audit: managed unless external
 * @param schemaRegistry where the schemas of Avro streams are: managed unless external
 * @param connect how Kafka Connect runs, which captures tables from databases
 * @param producer how the collector and generator run; each replica generates at the generator's
 *     rate
 * @param enricher how the enricher runs, which makes streams from others and loads tables
 * @param processor how the processor runs; more replicas than partitions do nothing
 * @param api how the API and the dashboard run, and where they are reached
 * @param monitoring what is made for Prometheus
 * @param networkPolicy who may talk to the pods
 * @param deletionPolicy what becomes of the data when the pipeline is deleted: {@code Delete} by
 *     default
 */
@ValidationRule(
        value =
                "(has(self.kafka) && has(self.kafka.external)) == (has(oldSelf.kafka) && has(oldSelf.kafka.external))",
        message =
                "spec.kafka.external: cannot be added or taken away afterwards; make a new pipeline")
@ValidationRule(
        value =
                "(has(self.redis) && has(self.redis.external)) == (has(oldSelf.redis) && has(oldSelf.redis.external))",
        message =
                "spec.redis.external: cannot be added or taken away afterwards; make a new pipeline")
@ValidationRule(
        value =
                "(has(self.mongo) && has(self.mongo.external)) == (has(oldSelf.mongo) && has(oldSelf.mongo.external))",
        message =
                "spec.mongo.external: cannot be added or taken away afterwards; make a new pipeline")
@ValidationRule(
        value =
                "(has(self.schemaRegistry) && has(self.schemaRegistry.external)) == (has(oldSelf.schemaRegistry) && has(oldSelf.schemaRegistry.external))",
        message =
                "spec.schemaRegistry.external: cannot be added or taken away afterwards; make a new pipeline")
@ValidationRule(
        value = "self.?kafka.?replicas.orValue(1) == oldSelf.?kafka.?replicas.orValue(1)",
        message =
                "spec.kafka.replicas: brokers cannot be added or taken away afterwards; make a new pipeline")
@ValidationRule(
        value =
                "quantity(has(self.kafka) && has(self.kafka.storage) && has(self.kafka.storage.size) ? self.kafka.storage.size : '10Gi').compareTo(quantity(has(oldSelf.kafka) && has(oldSelf.kafka.storage) && has(oldSelf.kafka.storage.size) ? oldSelf.kafka.storage.size : '10Gi')) >= 0",
        message =
                "spec.kafka.storage.size: a volume cannot shrink; keep the size, or make a new pipeline and let it read the events again")
@ValidationRule(
        value =
                "(has(self.kafka) && has(self.kafka.storage) && has(self.kafka.storage.storageClass) ? self.kafka.storage.storageClass : '') == (has(oldSelf.kafka) && has(oldSelf.kafka.storage) && has(oldSelf.kafka.storage.storageClass) ? oldSelf.kafka.storage.storageClass : '')",
        message =
                "spec.kafka.storage.storageClass: a volume cannot change its class; make a new pipeline")
@ValidationRule(
        value =
                "quantity(has(self.redis) && has(self.redis.storage) && has(self.redis.storage.size) ? self.redis.storage.size : '2Gi').compareTo(quantity(has(oldSelf.redis) && has(oldSelf.redis.storage) && has(oldSelf.redis.storage.size) ? oldSelf.redis.storage.size : '2Gi')) >= 0",
        message =
                "spec.redis.storage.size: a volume cannot shrink; keep the size, or make a new pipeline and let it read the events again")
@ValidationRule(
        value =
                "(has(self.redis) && has(self.redis.storage) && has(self.redis.storage.storageClass) ? self.redis.storage.storageClass : '') == (has(oldSelf.redis) && has(oldSelf.redis.storage) && has(oldSelf.redis.storage.storageClass) ? oldSelf.redis.storage.storageClass : '')",
        message =
                "spec.redis.storage.storageClass: a volume cannot change its class; make a new pipeline")
@ValidationRule(
        value =
                "quantity(has(self.mongo) && has(self.mongo.storage) && has(self.mongo.storage.size) ? self.mongo.storage.size : '10Gi').compareTo(quantity(has(oldSelf.mongo) && has(oldSelf.mongo.storage) && has(oldSelf.mongo.storage.size) ? oldSelf.mongo.storage.size : '10Gi')) >= 0",
        message =
                "spec.mongo.storage.size: a volume cannot shrink; keep the size, or make a new pipeline and let it read the events again")
@ValidationRule(
        value =
                "(has(self.mongo) && has(self.mongo.storage) && has(self.mongo.storage.storageClass) ? self.mongo.storage.storageClass : '') == (has(oldSelf.mongo) && has(oldSelf.mongo.storage) && has(oldSelf.mongo.storage.storageClass) ? oldSelf.mongo.storage.storageClass : '')",
        message =
                "spec.mongo.storage.storageClass: a volume cannot change its class; make a new pipeline")
@ValidationRule(
        value =
                "quantity(has(self.schemaRegistry) && has(self.schemaRegistry.storage) && has(self.schemaRegistry.storage.size) ? self.schemaRegistry.storage.size : '1Gi').compareTo(quantity(has(oldSelf.schemaRegistry) && has(oldSelf.schemaRegistry.storage) && has(oldSelf.schemaRegistry.storage.size) ? oldSelf.schemaRegistry.storage.size : '1Gi')) >= 0",
        message =
                "spec.schemaRegistry.storage.size: a volume cannot shrink; keep the size, or make a new pipeline")
@ValidationRule(
        value =
                "(has(self.schemaRegistry) && has(self.schemaRegistry.storage) && has(self.schemaRegistry.storage.storageClass) ? self.schemaRegistry.storage.storageClass : '') == (has(oldSelf.schemaRegistry) && has(oldSelf.schemaRegistry.storage) && has(oldSelf.schemaRegistry.storage.storageClass) ? oldSelf.schemaRegistry.storage.storageClass : '')",
        message =
                "spec.schemaRegistry.storage.storageClass: a volume cannot change its class; make a new pipeline")
@ValidationRule(
        value = "self.?dashboard.?through.orValue('snapshot') != 'stats' || has(self.stats)",
        message =
                "spec.dashboard.through: there is no topic of numbers; add spec.stats, as in stats: {}, or write snapshot")
public record PipelineSpec(
        @JsonPropertyDescription("The events that flow; at least one") @Required @Size(min = 1)
                List<StreamSpec> streams,
        @JsonPropertyDescription("What is known about things, for streams to join")
                List<TableSpec> tables,
        @JsonPropertyDescription("What is counted over windows") List<MetricSpec> metrics,
        @JsonPropertyDescription("Answers of a shape that a client expects") List<ViewSpec> views,
        @JsonPropertyDescription("How every event is recorded") AuditSpec audit,
        @JsonPropertyDescription("How long the numbers of past minutes, hours and days are kept")
                HistorySpec history,
        @JsonPropertyDescription("Servers that numbers are also written to; at most 10")
                @Size(max = 10)
                List<SinkSpec> sinks,
        @JsonPropertyDescription(
                        "Which numbers also go to the compacted topic NAME-stats; absent: none do")
                StatsSpec stats,
        @JsonPropertyDescription("What \"now\" means: wall by default") @Default("wall")
                Clock clock,
        @JsonPropertyDescription("Title and panels") DashboardSpec dashboard,
        @JsonPropertyDescription("The broker: managed unless external") KafkaSpec kafka,
        @JsonPropertyDescription("The store of live windows: managed unless external")
                RedisSpec redis,
        @JsonPropertyDescription("The store of the audit: managed unless external") MongoSpec mongo,
        @JsonPropertyDescription("Where the schemas of Avro streams are: managed unless external")
                SchemaRegistrySpec schemaRegistry,
        @JsonPropertyDescription("How Kafka Connect runs, which captures tables from databases")
                ConnectSpec connect,
        @JsonPropertyDescription(
                        "How the collector and generator run; each replica generates at the generator's rate")
                WorkloadSpec producer,
        @JsonPropertyDescription(
                        "How the enricher runs, which makes streams from others and loads tables")
                WorkloadSpec enricher,
        @JsonPropertyDescription("How the processor runs; more replicas than partitions do nothing")
                WorkloadSpec processor,
        @JsonPropertyDescription("How the API and the dashboard run, and where they are reached")
                ApiSpec api,
        @JsonPropertyDescription("What is made for Prometheus") MonitoringSpec monitoring,
        @JsonPropertyDescription("Who may talk to the pods") NetworkPolicySpec networkPolicy,
        @JsonPropertyDescription(
                        "What becomes of the data when the pipeline is deleted: Delete by default")
                @Default("Delete")
                DeletionPolicy deletionPolicy) {}
