package dev.millrace.operator.reconciler;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.dependent.workflow.CRDPresentActivationCondition;

import java.time.Duration;

/** Whether the cluster knows routes of the Gateway API. They may be installed at any time. */
public class GatewayApiInstalled
        extends CRDPresentActivationCondition<HasMetadata, AnalyticsPipeline> {
    /** Looks again at most every 20 seconds, and never gives up. */
    public GatewayApiInstalled() {
        super(Integer.MAX_VALUE, Duration.ofSeconds(20));
    }
}
