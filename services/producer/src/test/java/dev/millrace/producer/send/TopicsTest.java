package dev.millrace.producer.send;

import static dev.millrace.testing.Patience.await;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.Topics;
import dev.millrace.producer.TestPlans;
import dev.millrace.testing.TestServers;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

class TopicsTest {
    private final String kafka = TestServers.kafka().bootstrapServers();

    @Test
    void missingTopicsAreCreatedOnceAndAsDeclared() throws Exception {
        Plan plan = plan("created", "partitions: 3, retention: 2h");
        try (Admin admin = admin();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Set<String>>> together =
                    threads.invokeAll(
                            List.of(
                                    () -> Topics.ensure(admin, plan),
                                    () -> Topics.ensure(admin, plan),
                                    () -> Topics.ensure(admin, plan)));
            int created = 0;
            for (Future<Set<String>> one : together) {
                created += (int) one.get().stream().filter("created"::equals).count();
            }
            assertThat(created).isEqualTo(1);
            assertThat(Topics.ensure(admin, plan)).isEmpty();

            var topics =
                    admin.describeTopics(List.of("created", "test-dead-letters"))
                            .allTopicNames()
                            .get();
            assertThat(topics.get("created").partitions()).hasSize(3);
            assertThat(topics.get("test-dead-letters").partitions()).hasSize(1);
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, "created");
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(config.get("retention.ms").value()).isEqualTo("7200000");
            assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
            assertThat(config.get("max.message.bytes").value()).isEqualTo("2097152");
        }
    }

    @Test
    void existingTopicsAreWaitedForAndNeverCreated() throws Exception {
        Plan plan = plan("foreign", "existing: true");
        try (Admin admin = admin();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Set<String>> waiting = threads.submit(() -> Topics.ensure(admin, plan));
            Thread.sleep(600);
            assertThat(waiting.isDone()).isFalse();
            assertThat(admin.listTopics().names().get()).doesNotContain("foreign");
            admin.createTopics(List.of(new NewTopic("foreign", 2, (short) 1))).all().get();
            await().until(waiting::isDone);
            assertThat(waiting.get()).doesNotContain("foreign");
            assertThat(
                            admin.describeTopics(List.of("foreign"))
                                    .allTopicNames()
                                    .get()
                                    .get("foreign")
                                    .partitions())
                    .hasSize(2);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", kafka));
    }

    private static Plan plan(String topic, String more) {
        return TestPlans.withStreams(
                """
                - name: events
                  fields: {id: {type: string}}
                  topic: {name: %s, %s}
                """
                        .formatted(topic, more));
    }
}
