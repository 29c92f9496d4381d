package dev.millrace.operator.reconciler;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.dependent.workflow.CRDPresentActivationCondition;

import java.time.Duration;

/**
 * Whether the cluster knows the kinds of Prometheus' operator. They may be installed at any time.
 */
public class PrometheusOperatorInstalled
        extends CRDPresentActivationCondition<HasMetadata, AnalyticsPipeline> {
    /** Looks again at most every 20 seconds, and never gives up. */
    public PrometheusOperatorInstalled() {
        super(Integer.MAX_VALUE, Duration.ofSeconds(20));
    }
}
