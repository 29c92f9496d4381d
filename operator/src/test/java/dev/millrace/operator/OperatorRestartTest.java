package dev.millrace.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.resource.AnalyticsPipeline;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A new operator takes over what is there, and writes nothing where nothing changed. */
class OperatorRestartTest extends OnCluster {
    /** More than the operator looks at at a time. */
    private static final int MANY = 15;

    private static final String[] LEADING = {
        "millrace.leader-election=true", "POD_NAMESPACE=" + Cluster.OPERATOR_NAMESPACE
    };

    private boolean isStopped;

    @AfterEach
    void haveAnOperator() {
        if (isStopped) {
            cluster.startOperator();
        }
    }

    @Test
    void everyKindOfObjectStays() throws InterruptedException {
        ready(
                SHOP
                        + "  api: {ingress: {host: shop.example.org}, route: {gateway: public}, autoscaling: {max: 3}}\n"
                        + "  processor: {replicas: 2, resources: {limits: {cpu: 1500m, memory: 1024Mi}}}\n"
                        + "  redis: {storage: {size: 1024Mi}}\n");
        Map<String, String> before = settled(this::versions);

        restart();

        assertThat(versions()).as(() -> events().toString()).isEqualTo(before);
    }

    @Test
    void manyPipelinesStayAtOnce() throws InterruptedException {
        manyReady();
        Map<String, String> before = settled(this::statuses);

        restart();

        assertThat(statuses()).as(() -> events().toString()).isEqualTo(before);
    }

    /** Watches of what may not be installed begin with the first look at a pipeline. */
    @Test
    void aWatchThatCannotBeginAtOnceIsNothingToTell() throws InterruptedException {
        manyReady();
        Map<String, String> before = settled(this::statuses);

        cluster.refuseOnce("/kafkatopics");
        restart();

        assertThat(cluster.isRefused()).isTrue();
        assertThat(statuses()).as(() -> events().toString()).isEqualTo(before);
    }

    @Test
    @Timeout(600)
    void oneThatLeadsStopsAndAnotherLeads() {
        stop();
        cluster.startOperator(LEADING);
        ready(SHOP);
        within(() -> assertThat(cluster.apis().asked(namespace, "shop")).isPositive());
        cluster.stopOperator();
        cluster.startOperator(LEADING);
        apply(SHOP + "  processor: {replicas: 2}\n");
        untilReady();
        cluster.stopOperator();
    }

    private void restart() throws InterruptedException {
        stop();
        cluster.startOperator();
        isStopped = false;
        Thread.sleep(LONG_ENOUGH_TO_ACT.multipliedBy(2));
    }

    private void stop() {
        cluster.stopOperator();
        isStopped = true;
    }

    private void manyReady() {
        List<String> names = IntStream.range(0, MANY).mapToObj(i -> "shop-" + i).toList();
        names.forEach(name -> apply(SHOP.replace("name: shop", "name: " + name)));
        within(
                () -> {
                    names.forEach(name -> cluster.makeReady(namespace, name));
                    assertThat(pipelines())
                            .hasSize(MANY)
                            .allSatisfy(
                                    pipeline ->
                                            assertThat(
                                                            pipeline.getStatus()
                                                                    .conditions()
                                                                    .getFirst()
                                                                    .getStatus())
                                                    .isEqualTo("True"));
                });
    }

    private List<AnalyticsPipeline> pipelines() {
        return cluster.client()
                .resources(AnalyticsPipeline.class)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    private Map<String, String> statuses() {
        Map<String, String> versions = new TreeMap<>();
        pipelines()
                .forEach(
                        pipeline ->
                                versions.put(
                                        pipeline.getMetadata().getName(),
                                        pipeline.getMetadata().getResourceVersion()));
        versions.put("events", Integer.toString(events().size()));
        return versions;
    }
}
