package dev.millrace.operator.desired;

import dev.millrace.operator.config.OperatorSettings.Images;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.AnalyticsPipeline;
import dev.millrace.pipeline.resource.DeletionPolicy;
import dev.millrace.pipeline.resource.PipelineSpec;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A pipeline with all that its objects are made from. Every object is a pure function of this.
 *
 * @param resource what was applied
 * @param plan what it means
 * @param images what the pods run
 */
public record PipelineView(AnalyticsPipeline resource, Plan plan, Images images) {
    /** The label by which an object is found to belong to a pipeline. */
    public static final String PIPELINE_LABEL = "millrace.dev/pipeline";

    /**
     * The label of pods of others, with the pipeline's name: network policies let them to its Kafka
     * and its registry.
     */
    public static final String CLIENT_LABEL = "millrace.dev/kafka-client";

    /** The label by which the operator's objects are told from all others. */
    public static final String MANAGED_BY_LABEL = "app.kubernetes.io/managed-by";

    /** The value of {@link #MANAGED_BY_LABEL}. */
    public static final String MANAGED_BY = "millrace";

    private static final String COMPONENT_LABEL = "app.kubernetes.io/component";

    /** The pipeline's name. */
    public String name() {
        return resource.getMetadata().getName();
    }

    /** The namespace of everything. */
    public String namespace() {
        return resource.getMetadata().getNamespace();
    }

    /** What was declared. */
    public PipelineSpec spec() {
        return resource.getSpec();
    }

    /** The name of the object of a component. */
    public String name(String component) {
        return name() + "-" + component;
    }

    /** The name of a workload's objects. */
    public String name(Workload workload) {
        return name(workload.text());
    }

    /** The labels by which pods of a component are selected; they can never change. */
    public Map<String, String> selector(String component) {
        return new TreeMap<>(
                Map.of(
                        PIPELINE_LABEL, name(),
                        COMPONENT_LABEL, component,
                        MANAGED_BY_LABEL, MANAGED_BY));
    }

    /** The labels of an object of a component. */
    public Map<String, String> labels(String component) {
        Map<String, String> labels = selector(component);
        labels.put("app.kubernetes.io/part-of", "millrace");
        labels.put("app.kubernetes.io/instance", name());
        return labels;
    }

    /** The metadata of an object: name, namespace and labels. */
    public ObjectMeta metadata(String name, String component) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace())
                .withLabels(labels(component))
                .build();
    }

    /** Whether the broker is made for the pipeline. */
    public boolean hasKafka() {
        return spec().kafka() == null || spec().kafka().external() == null;
    }

    /** Whether Redis is made for the pipeline. */
    public boolean hasRedis() {
        return spec().redis() == null || spec().redis().external() == null;
    }

    /** Whether Mongo is made for the pipeline. */
    public boolean hasMongo() {
        return spec().mongo() == null || spec().mongo().external() == null;
    }

    /** Whether a schema registry is made for the pipeline: it needs one, and names none. */
    public boolean hasRegistry() {
        return plan.hasAvro()
                && (spec().schemaRegistry() == null || spec().schemaRegistry().external() == null);
    }

    /** Whether a workload is a client of Kafka: the API only where it publishes numbers. */
    public boolean usesKafka(Workload workload) {
        return workload.usesKafka() || workload == Workload.API && plan.stats() != null;
    }

    /** Whether a workload is a client of a schema registry: those that read or write events. */
    public boolean usesRegistry(Workload workload) {
        return plan.hasAvro() && workload.usesKafka();
    }

    /** Whether volumes and passwords stay when the pipeline goes. */
    public boolean retainsData() {
        return spec().deletionPolicy() == DeletionPolicy.Retain;
    }

    /** Whether pods may talk only to what they need. */
    public boolean hasNetworkPolicies() {
        return spec().networkPolicy() == null
                || !Boolean.FALSE.equals(spec().networkPolicy().enabled());
    }

    /** Whether Prometheus is told what to read. */
    public boolean isMonitored() {
        return spec().monitoring() == null || !Boolean.FALSE.equals(spec().monitoring().enabled());
    }

    /** What runs: an enricher only where a stream is made from another. */
    public List<Workload> workloads() {
        return Arrays.stream(Workload.values()).filter(this::runs).toList();
    }

    /** Whether the pipeline has a workload. */
    public boolean runs(Workload workload) {
        return workload != Workload.ENRICHER || !plan.derived().isEmpty();
    }

    /** Whether tables are captured from databases, and Kafka Connect can be made for it. */
    public boolean captures() {
        return !ConnectObjects.databases(this).isEmpty() && ConnectObjects.obstacle(this) == null;
    }

    /** The image of a workload. */
    public String image(Workload workload) {
        String own = workload.spec(spec()).image();
        if (own != null) {
            return own;
        }
        return switch (workload) {
            case PRODUCER -> images.producer();
            case ENRICHER -> images.enricher();
            case PROCESSOR -> images.processor();
            case AUDIT -> images.audit();
            case API -> images.api();
        };
    }
}
