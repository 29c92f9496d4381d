package dev.millrace.operator.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.util.Set;

/**
 * Settings of the operator, from the environment: {@code MILLRACE_WATCH_NAMESPACES} and so on.
 *
 * @param watchNamespaces the namespaces whose pipelines it makes; empty: all
 * @param leaderElection whether several replicas choose one that works
 * @param images what the pods run
 * @param podNamespace the operator's own namespace, for its lease
 * @param podName the name by which it holds the lease
 */
@ConfigurationProperties("millrace")
public record OperatorSettings(
        @DefaultValue Set<String> watchNamespaces,
        @DefaultValue("false") boolean leaderElection,
        @DefaultValue Images images,
        @DefaultValue("default") String podNamespace,
        @DefaultValue("operator") String podName) {

    /**
     * Names of images, where a pipeline does not say otherwise.
     *
     * @param connect Kafka Connect with Debezium's connectors; empty where there is none
     * @param pullPolicy {@code IfNotPresent}, {@code Always} or {@code Never}
     */
    public record Images(
            @DefaultValue("millrace/producer:latest") String producer,
            @DefaultValue("millrace/enricher:latest") String enricher,
            @DefaultValue("millrace/processor:latest") String processor,
            @DefaultValue("millrace/audit:latest") String audit,
            @DefaultValue("millrace/api:latest") String api,
            @DefaultValue("redis:8") String redis,
            @DefaultValue("mongo:8") String mongo,
            @DefaultValue("apicurio/apicurio-registry:3.3.3") String registry,
            @DefaultValue("") String connect,
            @DefaultValue("IfNotPresent") String pullPolicy) {}
}
