package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Monitoring;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.PrometheusRule;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.KubernetesDependent;

/** What deserves an alarm. */
@KubernetesDependent(informer = @Informer(labelSelector = EventSources.SELECTOR))
public class Alerts extends Owned<PrometheusRule> {
    /** For the workflow. */
    public Alerts() {
        super(PrometheusRule.class);
    }

    @Override
    PrometheusRule desired(PipelineView view) {
        return Monitoring.alerts(view);
    }
}
