package dev.millrace.operator.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;

import dev.millrace.operator.reconciler.AnalyticsPipelineReconciler;

import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/** The operator's parts. */
@Configuration(proxyBeanMethods = false)
public class OperatorConfiguration {
    /** The name of the lease by which replicas choose one that works. */
    public static final String LEASE = "millrace-operator";

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(1);
    private static final Duration RATE_PERIOD = Duration.ofSeconds(2);
    private static final int RATE_LIMIT = 3;
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    /** Of each of the two pools; more than processors, for they wait for the API server. */
    private static final int THREADS = 10;

    private static final Duration STOP = Duration.ofSeconds(15);

    /** The way to the API server, as every client of Kubernetes finds it. */
    @Bean
    KubernetesClient kubernetesClient() {
        return new KubernetesClientBuilder().withKubernetesSerialization(serialization()).build();
    }

    /** Reads objects into little memory. */
    public static KubernetesSerialization serialization() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.registerModule(
                new SimpleModule().addDeserializer(FieldsV1.class, new CompactFields()));
        return new KubernetesSerialization(mapper, true);
    }

    /** Reconciles every pipeline of the watched namespaces. */
    @Bean
    AnalyticsPipelineReconciler reconciler(OperatorSettings settings, Leadership leadership) {
        return new AnalyticsPipelineReconciler(settings, Clock.systemUTC(), leadership::leads);
    }

    /** What becomes of the process when another one leads. */
    @Bean
    Leadership leadership(OperatorSettings settings) {
        return new Leadership(settings.leaderElection());
    }

    /** The operator; {@link OperatorLifecycle} starts it. */
    @Bean
    Operator operator(
            KubernetesClient client,
            OperatorSettings settings,
            AnalyticsPipelineReconciler reconciler,
            Leadership leadership,
            MeterRegistry meters) {
        Operator operator =
                new Operator(
                        overrider -> {
                            overrider
                                    .withKubernetesClient(client)
                                    .withCloseClientOnStop(false)
                                    // server-side apply tells what is ours; no need to write it
                                    // down
                                    .withPreviousAnnotationForDependentResources(false)
                                    // also for ConfigMaps and Secrets, which it else replaces
                                    .withDefaultNonSSAResource(Set.of())
                                    .withUseSSAToPatchPrimaryResource(true)
                                    .withConcurrentReconciliationThreads(THREADS)
                                    .withConcurrentWorkflowExecutorThreads(THREADS)
                                    .withReconciliationTerminationTimeout(STOP)
                                    .withMetrics(
                                            MicrometerMetrics.withoutPerResourceMetrics(meters));
                            if (settings.leaderElection()) {
                                overrider.withLeaderElectionConfiguration(
                                        LeaderElectionConfigurationBuilder
                                                .aLeaderElectionConfiguration(LEASE)
                                                .withLeaseNamespace(settings.podNamespace())
                                                .withIdentity(settings.podName())
                                                .withExitOnStopLeading(false)
                                                .withLeaderCallbacks(leadership.callbacks())
                                                .build());
                            }
                        });
        Set<String> namespaces = settings.watchNamespaces();
        operator.register(
                reconciler,
                overrider -> {
                    // a pipeline that starts reports often; three looks in two seconds are enough
                    overrider.withRateLimiter(new LinearRateLimiter(RATE_PERIOD, RATE_LIMIT));
                    // what fails is tried for ever: what it needs may come at any time
                    overrider.withRetry(
                            new GenericRetry()
                                    .setInitialInterval(FIRST_RETRY.toMillis())
                                    .setIntervalMultiplier(2)
                                    .setMaxInterval(LONGEST_RETRY.toMillis())
                                    .withoutMaxAttempts());
                    // finds kinds that were installed meanwhile, such as PodMonitors
                    overrider.withReconciliationMaxInterval(LOOK_AGAIN);
                    if (namespaces.isEmpty()) {
                        overrider.watchingAllNamespaces();
                    } else {
                        overrider.settingNamespaces(namespaces);
                    }
                });
        return operator;
    }

    /** Starts and stops the operator with the process. */
    @Bean
    OperatorLifecycle operatorLifecycle(Operator operator, Leadership leadership) {
        return new OperatorLifecycle(operator, leadership);
    }

    /** Down when a watch has died: then the process is better started again. */
    @Bean
    OperatorHealth operatorHealth(Operator operator) {
        return new OperatorHealth(operator);
    }
}
