package dev.millrace.operator.config;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.net.URI;
import java.time.Duration;
import java.util.Set;

/**
 * Settings of the operator, from the environment: {@code MILLRACE_WATCH_NAMESPACES} and so on.
 *
 * @param watchNamespaces the namespaces whose pipelines it makes; empty: all
 * @param leaderElection whether several replicas choose one that works
 * @param images what the pods run
 * @param proof how pipelines are asked whether their numbers are proven
 * @param podNamespace the operator's own namespace, for its lease
 * @param podName the name by which it holds the lease
 */
@ConfigurationProperties("millrace")
public record OperatorSettings(
        @DefaultValue Set<String> watchNamespaces,
        @DefaultValue("false") boolean leaderElection,
        @DefaultValue Images images,
        @DefaultValue ProofSettings proof,
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

    /**
     * How the APIs of pipelines are asked whether their numbers are proven.
     *
     * @param every how often each is; 0: never
     * @param timeout how long it may take to connect, and to answer
     * @param address whom to ask, with {@code {name}} and {@code {namespace}} of the pipeline
     */
    public record ProofSettings(
            @DefaultValue("1m") Duration every,
            @DefaultValue("3s") Duration timeout,
            @DefaultValue("http://{name}-api.{namespace}.svc/api/v1/proof") String address) {
        /**
         * Checks bounds.
         *
         * @throws IllegalArgumentException naming the setting that is out of bounds
         */
        public ProofSettings {
            if (every.isNegative() || timeout.compareTo(Duration.ofMillis(1)) < 0) {
                throw new IllegalArgumentException(
                        "millrace.proof.every is a time from 0 on, and .timeout one from 1ms on");
            }
            URI.create(address.replaceAll("[{}]", ""));
        }

        /** Whether any is asked. */
        public boolean isOn() {
            return !every.isZero();
        }

        /** Where a pipeline's API is asked. */
        public URI of(String namespace, String name) {
            return URI.create(address.replace("{namespace}", namespace).replace("{name}", name));
        }
    }
}
