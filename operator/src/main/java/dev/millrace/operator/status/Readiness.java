package dev.millrace.operator.status;

import dev.millrace.operator.desired.ConnectObjects;
import dev.millrace.operator.desired.KafkaObjects;
import dev.millrace.operator.desired.KafkaUsers;
import dev.millrace.operator.desired.MongoObjects;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RedisObjects;
import dev.millrace.operator.desired.RegistryObjects;
import dev.millrace.operator.desired.Workload;
import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.strimzi.api.kafka.model.common.Condition;
import io.strimzi.api.kafka.model.connect.KafkaConnect;
import io.strimzi.api.kafka.model.connector.KafkaConnector;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.Status;
import io.strimzi.api.kafka.model.podset.StrimziPodSet;
import io.strimzi.api.kafka.model.podset.StrimziPodSetStatus;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the objects of a pipeline say of themselves. */
public final class Readiness {
    private static final String READY = "Ready";

    private Readiness() {}

    /** Whether a workload's pods would find the passwords and servers that they start with. */
    public static boolean canStart(
            PipelineView view, Workload workload, Context<AnalyticsPipeline> context) {
        boolean kafka =
                !view.usesKafka(workload)
                        || !view.hasKafka()
                        || named(context, KafkaUser.class, view.name(workload))
                                .filter(user -> isReady(user, user.getStatus()))
                                .isPresent();
        boolean redis = !workload.usesRedis() || redis(view, context).isReady();
        boolean mongo = !workload.usesMongo() || mongo(view, context).isReady();
        boolean registry = !view.usesRegistry(workload) || registry(view, context).isReady();
        return kafka && redis && mongo && registry;
    }

    /** Kafka, its topics and its users. */
    public static Check kafka(PipelineView view, Context<AnalyticsPipeline> context) {
        if (!view.hasKafka()) {
            return Check.ready("External, at " + view.spec().kafka().external().bootstrapServers());
        }
        Optional<Kafka> kafka = named(context, Kafka.class, KafkaObjects.cluster(view));
        if (kafka.isEmpty()) {
            return Check.waiting(
                    "StrimziMissing",
                    "There is no Kafka resource: is Strimzi installed? Install it, or name a Kafka that exists in spec.kafka.external");
        }
        Check cluster =
                strimzi(
                        "Kafka " + KafkaObjects.cluster(view),
                        kafka.get(),
                        kafka.get().getStatus());
        if (!cluster.isReady()) {
            return cluster;
        }
        List<Check> parts = new ArrayList<>();
        context.getSecondaryResourcesAsStream(StrimziPodSet.class)
                .map(Readiness::brokers)
                .forEach(parts::add);
        for (String name : KafkaObjects.topics(view).keySet()) {
            parts.add(
                    named(context, KafkaTopic.class, name)
                            .map(topic -> strimzi("KafkaTopic " + name, topic, topic.getStatus()))
                            .orElse(missing("KafkaTopic " + name)));
        }
        for (String name : KafkaUsers.of(view).keySet()) {
            parts.add(
                    named(context, KafkaUser.class, name)
                            .map(user -> strimzi("KafkaUser " + name, user, user.getStatus()))
                            .orElse(missing("KafkaUser " + name)));
        }
        return parts.stream()
                .filter(part -> !part.isReady())
                .findFirst()
                .orElse(Check.ready("Kafka, topics and users are ready"));
    }

    private static Check brokers(StrimziPodSet set) {
        String name = set.getMetadata().getName();
        StrimziPodSetStatus status = set.getStatus();
        if (status == null || status.getReadyPods() < status.getPods()) {
            return Check.waiting(
                    "PodNotReady",
                    "Brokers %s: %d of %d pods ready"
                            .formatted(
                                    name,
                                    status == null ? 0 : status.getReadyPods(),
                                    status == null ? 0 : status.getPods()));
        }
        return Check.ready("All brokers are ready");
    }

    private static Check missing(String what) {
        return Check.waiting("Creating", what + " is being made");
    }

    private static boolean isReady(HasMetadata object, Status status) {
        return strimzi("", object, status).isReady();
    }

    static Check strimzi(String what, HasMetadata object, Status status) {
        if (status == null || status.getConditions() == null) {
            return Check.waiting("Creating", what + ": Strimzi has not taken it up yet");
        }
        if (status.getObservedGeneration() < object.getMetadata().getGeneration()) {
            return Check.waiting(
                    "Updating", what + ": Strimzi has not taken up the last change yet");
        }
        for (Condition condition : status.getConditions()) {
            if (READY.equals(condition.getType())) {
                return "True".equals(condition.getStatus())
                        ? Check.ready(what + " is ready")
                        : Check.waiting(
                                reason(condition.getReason()),
                                what + ": " + condition.getMessage());
            }
        }
        for (Condition condition : status.getConditions()) {
            if ("NotReady".equals(condition.getType())) {
                return Check.waiting(
                        reason(condition.getReason()), what + ": " + condition.getMessage());
            }
        }
        return Check.waiting("Creating", what + " is not ready yet");
    }

    /** Reasons of conditions are words, by Kubernetes' rules. */
    private static String reason(String reason) {
        return reason == null || !reason.matches("[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?")
                ? "NotReady"
                : reason;
    }

    /** Kafka Connect, and whether it follows every table; only where tables are captured. */
    public static Check capture(PipelineView view, Context<AnalyticsPipeline> context) {
        String obstacle = ConnectObjects.obstacle(view);
        if (obstacle != null) {
            return Check.waiting("CannotBeMade", obstacle);
        }
        String name = ConnectObjects.name(view);
        Optional<KafkaConnect> connect = named(context, KafkaConnect.class, name);
        if (connect.isEmpty()) {
            return Check.waiting("ServersNotReady", "Kafka Connect starts when Kafka is ready");
        }
        Check runtime = strimzi("KafkaConnect " + name, connect.get(), connect.get().getStatus());
        if (!runtime.isReady()) {
            return runtime;
        }
        Map<String, String> topics = topics(context);
        // without its rows nothing is joined: where that runs, they are there
        boolean hasRows =
                view.runs(Workload.ENRICHER)
                        && workload(view, Workload.ENRICHER, context).isReady();
        for (CapturedDatabase database : ConnectObjects.databases(view)) {
            Check check =
                    ConnectObjects.connectorName(view, database, topics)
                            .flatMap(made -> named(context, KafkaConnector.class, made))
                            .map(connector -> CaptureCheck.of(database, connector, hasRows))
                            .orElse(missing("KafkaConnector " + database.connector()));
            if (!check.isReady()) {
                return check;
            }
        }
        return Check.ready("Changes in the databases reach their tables");
    }

    /** The unique ids of the topics that are there, by the names of their KafkaTopics. */
    public static Map<String, String> topics(Context<AnalyticsPipeline> context) {
        Map<String, String> topics = new HashMap<>();
        context.getSecondaryResourcesAsStream(KafkaTopic.class)
                .map(HasMetadata::getMetadata)
                .forEach(topic -> topics.put(topic.getName(), topic.getUid()));
        return topics;
    }

    /** Redis. */
    public static Check redis(PipelineView view, Context<AnalyticsPipeline> context) {
        return view.hasRedis()
                ? store("Redis", RedisObjects.name(view), context)
                : Check.ready(
                        "External, by Secret " + view.spec().redis().external().uriSecretRef());
    }

    /** Mongo. */
    public static Check mongo(PipelineView view, Context<AnalyticsPipeline> context) {
        return view.hasMongo()
                ? store("MongoDB", MongoObjects.name(view), context)
                : Check.ready(
                        "External, by Secret " + view.spec().mongo().external().uriSecretRef());
    }

    /** The schema registry, of a pipeline that needs one. */
    public static Check registry(PipelineView view, Context<AnalyticsPipeline> context) {
        return view.hasRegistry()
                ? store("The schema registry", RegistryObjects.name(view), context)
                : Check.ready("External, at " + view.spec().schemaRegistry().external().url());
    }

    private static Check store(String what, String name, Context<AnalyticsPipeline> context) {
        Optional<StatefulSet> found = named(context, StatefulSet.class, name);
        if (found.isEmpty()) {
            return missing("StatefulSet " + name);
        }
        StatefulSet set = found.get();
        StatefulSetStatus status = set.getStatus();
        if (status == null || !isSeen(set, status.getObservedGeneration())) {
            return missing("StatefulSet " + name);
        }
        if (number(status.getReadyReplicas()) < 1) {
            return Check.waiting(
                    "PodNotReady",
                    what + " does not answer; see kubectl describe pod " + name + "-0");
        }
        boolean isUpdated =
                status.getUpdateRevision() == null
                        || status.getUpdateRevision().equals(status.getCurrentRevision())
                        || number(status.getUpdatedReplicas()) >= 1;
        return isUpdated
                ? Check.ready(what + " answers")
                : Check.waiting("Updating", what + " restarts with its last change");
    }

    /** A workload. */
    public static Check workload(
            PipelineView view, Workload workload, Context<AnalyticsPipeline> context) {
        Optional<Deployment> found = named(context, Deployment.class, view.name(workload));
        if (found.isEmpty()) {
            return Check.waiting("ServersNotReady", "It starts when its servers are ready");
        }
        Deployment deployment = found.get();
        DeploymentStatus status = deployment.getStatus();
        if (status == null || !isSeen(deployment, status.getObservedGeneration())) {
            return missing("Deployment " + view.name(workload));
        }
        int wanted = number(deployment.getSpec().getReplicas());
        int available = number(status.getAvailableReplicas());
        int updated = number(status.getUpdatedReplicas());
        if (updated >= wanted && available >= wanted && number(status.getReplicas()) <= updated) {
            return Check.ready(
                    wanted == 0
                            ? "Scaled to nothing"
                            : available + " of " + wanted + " pods ready");
        }
        Optional<DeploymentCondition> stuck =
                status.getConditions().stream()
                        .filter(
                                condition ->
                                        "Progressing".equals(condition.getType())
                                                && "False".equals(condition.getStatus()))
                        .findFirst();
        String pods =
                "%d of %d pods ready, %d up to date; see kubectl describe pods -l %s"
                        .formatted(available, wanted, updated, selector(view, workload));
        return stuck.map(condition -> Check.waiting(reason(condition.getReason()), pods))
                .orElse(Check.waiting(available == 0 ? "Starting" : "Updating", pods));
    }

    private static String selector(PipelineView view, Workload workload) {
        return PipelineView.PIPELINE_LABEL
                + "="
                + view.name()
                + ",app.kubernetes.io/component="
                + workload.text();
    }

    private static boolean isSeen(HasMetadata object, Long observed) {
        return observed != null && observed >= object.getMetadata().getGeneration();
    }

    private static int number(Integer number) {
        return number == null ? 0 : number;
    }

    private static <R extends HasMetadata> Optional<R> named(
            Context<AnalyticsPipeline> context, Class<R> type, String name) {
        return context.getSecondaryResourcesAsStream(type)
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }
}
