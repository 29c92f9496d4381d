package dev.millrace.bench.operator;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Plays Strimzi's controllers and Kubernetes' own: objects say at once that they are ready. */
final class Controllers {
    private final KubernetesApi api;
    private final String label;
    private final int concurrency;

    /**
     * Plays them.
     *
     * @param label of the objects that they care for
     */
    Controllers(KubernetesApi api, String label, int concurrency) {
        this.api = api;
        this.label = label;
        this.concurrency = concurrency;
    }

    /**
     * Has the servers ready: Kafka, its topics and users, Redis and MongoDB.
     *
     * @return how many statuses were set
     */
    int makeServersReady() throws InterruptedException {
        return makeReady(List.of(Kind.STATEFUL_SET, Kind.KAFKA, Kind.TOPIC, Kind.USER));
    }

    /**
     * Has the workloads ready.
     *
     * @return how many statuses were set
     */
    int makeWorkloadsReady() throws InterruptedException {
        return makeReady(List.of(Kind.DEPLOYMENT));
    }

    private int makeReady(List<Kind> kinds) throws InterruptedException {
        List<ObjectNode> objects = new ArrayList<>();
        kinds.forEach(kind -> objects.addAll(api.list(kind, label)));
        // who is ready already stays as it is
        objects.removeIf(object -> object.path("status").has("observedGeneration"));
        KubernetesApi.each(objects, concurrency, object -> api.setStatus(object, status(object)));
        return objects.size();
    }

    private static Map<String, Object> status(ObjectNode object) {
        long generation = object.at("/metadata/generation").asLong();
        if (object.path("kind").asString().startsWith("Kafka")) {
            return Map.of(
                    "observedGeneration",
                    generation,
                    "conditions",
                    List.of(Map.of("type", "Ready", "status", "True")));
        }
        int replicas = object.at("/spec/replicas").asInt(1);
        return Map.of(
                "observedGeneration", generation,
                "replicas", replicas,
                "readyReplicas", replicas,
                "updatedReplicas", replicas,
                "availableReplicas", replicas);
    }
}
