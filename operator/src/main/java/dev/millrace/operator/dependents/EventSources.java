package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;

import java.util.List;
import java.util.Set;

/**
 * One watch for each kind of which a pipeline has several objects. Only labelled objects are
 * watched and kept in memory: not all Secrets of a cluster.
 */
public final class EventSources {
    /** The operator's own objects. */
    public static final String SELECTOR =
            PipelineView.MANAGED_BY_LABEL + "=" + PipelineView.MANAGED_BY;

    /** The name of the watch of ConfigMaps. */
    public static final String CONFIG_MAPS = "configmaps";

    /** The name of the watch of Secrets. */
    public static final String SECRETS = "secrets";

    /** The name of the watch of Services. */
    public static final String SERVICES = "services";

    /** The name of the watch of volumes. */
    public static final String VOLUMES = "volumes";

    /** The name of the watch of StatefulSets. */
    public static final String STATEFUL_SETS = "statefulsets";

    /** The name of the watch of Deployments. */
    public static final String DEPLOYMENTS = "deployments";

    private EventSources() {}

    /** All of them. */
    public static List<EventSource<?, AnalyticsPipeline>> of(
            EventSourceContext<AnalyticsPipeline> context) {
        return List.of(
                informer(ConfigMap.class, CONFIG_MAPS, context),
                informer(Secret.class, SECRETS, context),
                informer(Service.class, SERVICES, context),
                informer(PersistentVolumeClaim.class, VOLUMES, context),
                informer(StatefulSet.class, STATEFUL_SETS, context),
                informer(Deployment.class, DEPLOYMENTS, context));
    }

    private static <R extends HasMetadata> EventSource<R, AnalyticsPipeline> informer(
            Class<R> type, String name, EventSourceContext<AnalyticsPipeline> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(type, AnalyticsPipeline.class)
                        .withName(name)
                        .withLabelSelector(SELECTOR)
                        .withNamespacesInheritedFromController()
                        .withSecondaryToPrimaryMapper(EventSources::pipeline)
                        .build(),
                context);
    }

    /** By its label: what stays after its pipeline has no owner. */
    static Set<ResourceID> pipeline(HasMetadata object) {
        String name = object.getMetadata().getLabels().get(PipelineView.PIPELINE_LABEL);
        return name == null
                ? Set.of()
                : Set.of(new ResourceID(name, object.getMetadata().getNamespace()));
    }
}
