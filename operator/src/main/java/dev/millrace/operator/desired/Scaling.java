package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.AutoscalingSpec;
import dev.millrace.pipeline.resource.WorkloadSpec;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscalerBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many pods a workload has, and how many of them must stay when nodes are drained. */
public final class Scaling {
    private static final int DEFAULT_CPU = 75;

    private Scaling() {}

    /** Autoscalers where they are declared, by name. */
    public static Map<String, HorizontalPodAutoscaler> autoscalers(PipelineView view) {
        Map<String, HorizontalPodAutoscaler> autoscalers = new LinkedHashMap<>();
        for (Workload workload : view.workloads()) {
            AutoscalingSpec autoscaling = workload.spec(view.spec()).autoscaling();
            if (autoscaling != null) {
                autoscalers.put(view.name(workload), autoscaler(view, workload, autoscaling));
            }
        }
        return autoscalers;
    }

    private static HorizontalPodAutoscaler autoscaler(
            PipelineView view, Workload workload, AutoscalingSpec spec) {
        return new HorizontalPodAutoscalerBuilder()
                .withMetadata(view.metadata(view.name(workload), workload.text()))
                .withNewSpec()
                .withNewScaleTargetRef("apps/v1", "Deployment", view.name(workload))
                .withMinReplicas(spec.min() == null ? 1 : spec.min())
                .withMaxReplicas(spec.max())
                .addNewMetric()
                .withType("Resource")
                .withNewResource()
                .withName("cpu")
                .withNewTarget()
                .withType("Utilization")
                .withAverageUtilization(spec.cpu() == null ? DEFAULT_CPU : spec.cpu())
                .endTarget()
                .endResource()
                .endMetric()
                .endSpec()
                .build();
    }

    /** Budgets for workloads of more than one pod, by name. */
    public static Map<String, PodDisruptionBudget> budgets(PipelineView view) {
        Map<String, PodDisruptionBudget> budgets = new LinkedHashMap<>();
        for (Workload workload : view.workloads()) {
            WorkloadSpec spec = workload.spec(view.spec());
            boolean isOne = spec.replicas() == null || spec.replicas() <= 1;
            boolean canBeMore = spec.autoscaling() != null && spec.autoscaling().max() > 1;
            if (!isOne || canBeMore) {
                budgets.put(view.name(workload), budget(view, workload));
            }
        }
        return budgets;
    }

    private static PodDisruptionBudget budget(PipelineView view, Workload workload) {
        return new PodDisruptionBudgetBuilder()
                .withMetadata(view.metadata(view.name(workload), workload.text()))
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withNewSelector()
                .withMatchLabels(view.selector(workload.text()))
                .endSelector()
                .endSpec()
                .build();
    }
}
