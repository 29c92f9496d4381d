package dev.millrace.operator.reconciler;

import static dev.millrace.operator.dependents.EventSources.CONFIG_MAPS;
import static dev.millrace.operator.dependents.EventSources.DEPLOYMENTS;
import static dev.millrace.operator.dependents.EventSources.SECRETS;
import static dev.millrace.operator.dependents.EventSources.SERVICES;
import static dev.millrace.operator.dependents.EventSources.STATEFUL_SETS;
import static dev.millrace.operator.dependents.EventSources.VOLUMES;

import dev.millrace.operator.config.OperatorSettings;
import dev.millrace.operator.dependents.Alerts;
import dev.millrace.operator.dependents.ApiDeployment;
import dev.millrace.operator.dependents.ApiService;
import dev.millrace.operator.dependents.AuditDeployment;
import dev.millrace.operator.dependents.Autoscalers;
import dev.millrace.operator.dependents.ConnectCluster;
import dev.millrace.operator.dependents.ConnectMetricsConfig;
import dev.millrace.operator.dependents.Connectors;
import dev.millrace.operator.dependents.DisruptionBudgets;
import dev.millrace.operator.dependents.EnricherDeployment;
import dev.millrace.operator.dependents.EventSources;
import dev.millrace.operator.dependents.GatewayRoute;
import dev.millrace.operator.dependents.KafkaAccounts;
import dev.millrace.operator.dependents.KafkaBrokers;
import dev.millrace.operator.dependents.KafkaCluster;
import dev.millrace.operator.dependents.KafkaMetricsConfig;
import dev.millrace.operator.dependents.KafkaPods;
import dev.millrace.operator.dependents.KafkaTopics;
import dev.millrace.operator.dependents.MongoCredentials;
import dev.millrace.operator.dependents.MongoServer;
import dev.millrace.operator.dependents.MongoService;
import dev.millrace.operator.dependents.MongoVolume;
import dev.millrace.operator.dependents.PipelineManifest;
import dev.millrace.operator.dependents.PodMonitors;
import dev.millrace.operator.dependents.ProcessorDeployment;
import dev.millrace.operator.dependents.ProducerDeployment;
import dev.millrace.operator.dependents.ProducerService;
import dev.millrace.operator.dependents.RedisConfig;
import dev.millrace.operator.dependents.RedisCredentials;
import dev.millrace.operator.dependents.RedisServer;
import dev.millrace.operator.dependents.RedisService;
import dev.millrace.operator.dependents.RedisVolume;
import dev.millrace.operator.dependents.RegistryServer;
import dev.millrace.operator.dependents.RegistryService;
import dev.millrace.operator.dependents.RegistryVolume;
import dev.millrace.operator.dependents.TrafficPolicies;
import dev.millrace.operator.dependents.Views;
import dev.millrace.operator.dependents.WayIn;
import dev.millrace.operator.dependents.WorkloadAccount;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.proof.ProofPolls;
import dev.millrace.operator.status.LastStatuses;
import dev.millrace.operator.status.StatusReport;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.PlanCompiler;
import dev.millrace.pipeline.plan.UnsupportedFeatures;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Makes a pipeline what its resource says. Below is all that is made; each object is a pure
 * function of the resource (package {@code desired}). Nothing waits in this picture but for what it
 * is made of: workloads themselves hold their first start until their servers are ready.
 */
@ControllerConfiguration(
        name = "analyticspipeline",
        fieldManager = "millrace-operator",
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = SpecOrPauseChanged.class))
@Workflow(
        explicitInvocation = true,
        dependents = {
            @Dependent(
                    type = PipelineManifest.class,
                    name = "manifest",
                    useEventSourceWithName = CONFIG_MAPS),
            @Dependent(type = WorkloadAccount.class, name = "account"),
            @Dependent(type = TrafficPolicies.class, name = "traffic"),

            // the broker
            @Dependent(
                    type = KafkaMetricsConfig.class,
                    name = "kafka-metrics",
                    useEventSourceWithName = CONFIG_MAPS,
                    reconcilePrecondition = ManagedKafka.class),
            @Dependent(
                    type = KafkaBrokers.class,
                    name = "kafka-brokers",
                    activationCondition = StrimziInstalled.class,
                    reconcilePrecondition = ManagedKafka.class),
            @Dependent(
                    type = KafkaCluster.class,
                    name = "kafka",
                    activationCondition = StrimziInstalled.class,
                    reconcilePrecondition = ManagedKafka.class),
            @Dependent(
                    type = KafkaTopics.class,
                    name = "topics",
                    activationCondition = StrimziInstalled.class,
                    reconcilePrecondition = ManagedKafka.class),
            @Dependent(
                    type = KafkaAccounts.class,
                    name = "users",
                    activationCondition = StrimziInstalled.class,
                    reconcilePrecondition = ManagedKafka.class),
            @Dependent(
                    type = KafkaPods.class,
                    name = "kafka-pods",
                    activationCondition = StrimziInstalled.class),

            // what follows tables in databases
            @Dependent(
                    type = ConnectMetricsConfig.class,
                    name = "connect-metrics",
                    useEventSourceWithName = CONFIG_MAPS,
                    reconcilePrecondition = TablesCaptured.class),
            @Dependent(
                    type = ConnectCluster.class,
                    name = "connect",
                    activationCondition = StrimziInstalled.class,
                    reconcilePrecondition = TablesCaptured.class),
            @Dependent(
                    type = Connectors.class,
                    name = "connectors",
                    activationCondition = StrimziInstalled.class,
                    reconcilePrecondition = TablesCaptured.class),

            // the live windows
            @Dependent(
                    type = RedisCredentials.class,
                    name = "redis-credentials",
                    useEventSourceWithName = SECRETS,
                    reconcilePrecondition = ManagedRedis.class),
            @Dependent(
                    type = RedisConfig.class,
                    name = "redis-config",
                    useEventSourceWithName = CONFIG_MAPS,
                    reconcilePrecondition = ManagedRedis.class),
            @Dependent(
                    type = RedisVolume.class,
                    name = "redis-volume",
                    useEventSourceWithName = VOLUMES,
                    reconcilePrecondition = ManagedRedis.class),
            @Dependent(
                    type = RedisService.class,
                    name = "redis-service",
                    useEventSourceWithName = SERVICES,
                    reconcilePrecondition = ManagedRedis.class),
            @Dependent(
                    type = RedisServer.class,
                    name = "redis",
                    useEventSourceWithName = STATEFUL_SETS,
                    reconcilePrecondition = ManagedRedis.class,
                    dependsOn = {"redis-credentials", "redis-config", "redis-volume"}),

            // the audit's records
            @Dependent(
                    type = MongoCredentials.class,
                    name = "mongo-credentials",
                    useEventSourceWithName = SECRETS,
                    reconcilePrecondition = ManagedMongo.class),
            @Dependent(
                    type = MongoVolume.class,
                    name = "mongo-volume",
                    useEventSourceWithName = VOLUMES,
                    reconcilePrecondition = ManagedMongo.class),
            @Dependent(
                    type = MongoService.class,
                    name = "mongo-service",
                    useEventSourceWithName = SERVICES,
                    reconcilePrecondition = ManagedMongo.class),
            @Dependent(
                    type = MongoServer.class,
                    name = "mongo",
                    useEventSourceWithName = STATEFUL_SETS,
                    reconcilePrecondition = ManagedMongo.class,
                    dependsOn = {"mongo-credentials", "mongo-volume"}),

            // the schemas of Avro
            @Dependent(
                    type = RegistryVolume.class,
                    name = "registry-volume",
                    useEventSourceWithName = VOLUMES,
                    reconcilePrecondition = ManagedRegistry.class),
            @Dependent(
                    type = RegistryService.class,
                    name = "registry-service",
                    useEventSourceWithName = SERVICES,
                    reconcilePrecondition = ManagedRegistry.class),
            @Dependent(
                    type = RegistryServer.class,
                    name = "registry",
                    useEventSourceWithName = STATEFUL_SETS,
                    reconcilePrecondition = ManagedRegistry.class,
                    dependsOn = "registry-volume"),

            // the workloads
            @Dependent(
                    type = ProducerDeployment.class,
                    name = "producer",
                    useEventSourceWithName = DEPLOYMENTS,
                    dependsOn = {"manifest", "account"}),
            @Dependent(
                    type = EnricherDeployment.class,
                    name = "enricher",
                    useEventSourceWithName = DEPLOYMENTS,
                    reconcilePrecondition = StreamsJoined.class,
                    dependsOn = {"manifest", "account"}),
            @Dependent(
                    type = ProcessorDeployment.class,
                    name = "processor",
                    useEventSourceWithName = DEPLOYMENTS,
                    dependsOn = {"manifest", "account"}),
            @Dependent(
                    type = AuditDeployment.class,
                    name = "audit",
                    useEventSourceWithName = DEPLOYMENTS,
                    dependsOn = {"manifest", "account"}),
            @Dependent(
                    type = ApiDeployment.class,
                    name = "api",
                    useEventSourceWithName = DEPLOYMENTS,
                    dependsOn = {"manifest", "account"}),
            @Dependent(type = Autoscalers.class, name = "autoscalers"),
            @Dependent(type = DisruptionBudgets.class, name = "budgets"),

            // the ways in
            @Dependent(
                    type = ProducerService.class,
                    name = "producer-service",
                    useEventSourceWithName = SERVICES),
            @Dependent(
                    type = ApiService.class,
                    name = "api-service",
                    useEventSourceWithName = SERVICES),
            @Dependent(
                    type = WayIn.class,
                    name = "ingress",
                    reconcilePrecondition = IngressWanted.class,
                    dependsOn = {"producer-service", "api-service"}),
            @Dependent(
                    type = GatewayRoute.class,
                    name = "route",
                    activationCondition = GatewayApiInstalled.class,
                    reconcilePrecondition = RouteWanted.class,
                    dependsOn = {"producer-service", "api-service"}),

            // what watches it
            @Dependent(
                    type = PodMonitors.class,
                    name = "pod-monitors",
                    activationCondition = PrometheusOperatorInstalled.class),
            @Dependent(
                    type = Alerts.class,
                    name = "alerts",
                    activationCondition = PrometheusOperatorInstalled.class,
                    reconcilePrecondition = MonitoringWanted.class),
        })
public final class AnalyticsPipelineReconciler implements Reconciler<AnalyticsPipeline> {
    /** With the value {@code true} the operator leaves the pipeline and its objects alone. */
    public static final String PAUSE = "millrace.dev/pause";

    private static final Logger log = LoggerFactory.getLogger(AnalyticsPipelineReconciler.class);
    private static final Duration LOOK_AGAIN_SOON = Duration.ofSeconds(2);

    /** How soon to look again for kinds that are not installed yet. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final LastStatuses statuses = new LastStatuses();
    private final OperatorSettings settings;
    private final Clock clock;
    private final BooleanSupplier leads;

    /**
     * A reconciler.
     *
     * @param clock tells when conditions changed
     * @param leads whether this process works, and does not stand by
     */
    public AnalyticsPipelineReconciler(
            OperatorSettings settings, Clock clock, BooleanSupplier leads) {
        this.settings = settings;
        this.clock = clock;
        this.leads = leads;
    }

    @Override
    public List<EventSource<?, AnalyticsPipeline>> prepareEventSources(
            EventSourceContext<AnalyticsPipeline> context) {
        List<EventSource<?, AnalyticsPipeline>> sources = new ArrayList<>(EventSources.of(context));
        sources.add(new ProofPolls(context, settings.proof(), clock, leads));
        return sources;
    }

    @Override
    public UpdateControl<AnalyticsPipeline> reconcile(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context) {
        if (pipeline.isMarkedForDeletion()) {
            // its objects go by their owner references; there is nobody left to tell
            return UpdateControl.noUpdate();
        }
        StatusReport report = new StatusReport(pipeline, context, statuses, clock);
        if (isPaused(pipeline)) {
            return report.paused();
        }
        if (FormerObjects.remain(pipeline, context)) {
            return report.replacing().rescheduleAfter(LOOK_AGAIN_SOON);
        }
        Plan plan;
        try {
            plan = PlanCompiler.compile(pipeline.getMetadata().getName(), pipeline.getSpec());
            UnsupportedFeatures.refuse(plan);
        } catch (InvalidPipelineException e) {
            return report.invalid(e);
        }
        PipelineView view = new PipelineView(pipeline, plan, settings.images());
        Views.put(context, view);
        context.managedWorkflowAndDependentResourceContext()
                .reconcileManagedWorkflow()
                .throwAggregateExceptionIfErrorsPresent();
        UpdateControl<AnalyticsPipeline> control = report.reconciled(view);
        return report.isMissingKinds() ? control.rescheduleAfter(LOOK_AGAIN) : control;
    }

    private static boolean isPaused(AnalyticsPipeline pipeline) {
        var annotations = pipeline.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(PAUSE));
    }

    @Override
    public ErrorStatusUpdateControl<AnalyticsPipeline> updateErrorStatus(
            AnalyticsPipeline pipeline, Context<AnalyticsPipeline> context, Exception e) {
        if (context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) == 0) {
            // most of all a watch that could not begin: it is tried again in a second, and what is
            // over by then is nothing to tell
            log.warn(
                    "{}/{} could not be reconciled: {}",
                    pipeline.getMetadata().getNamespace(),
                    pipeline.getMetadata().getName(),
                    e.toString());
            return ErrorStatusUpdateControl.noStatusUpdate();
        }
        return new StatusReport(pipeline, context, statuses, clock).failed(e);
    }
}
