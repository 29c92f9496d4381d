package dev.millrace.api.stats;

import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Follows a topic of numbers as another consumer would. */
final class TopicReader implements AutoCloseable {
    private final KafkaConsumer<String, String> consumer;
    private final TopicPartition partition;
    private final Map<String, JsonNode> numbers = new LinkedHashMap<>();
    private final List<String> keys = new ArrayList<>();

    TopicReader(Plan plan, String kafka) {
        partition = new TopicPartition(plan.statsTopic(), 0);
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                kafka,
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                                "earliest"),
                        new StringDeserializer(),
                        new StringDeserializer());
        consumer.assign(List.of(partition));
    }

    /** Reads what has come; answers what there is now, by key. */
    Map<String, JsonNode> numbers() {
        consumer.poll(Duration.ofMillis(100))
                .forEach(
                        message -> {
                            keys.add(message.key());
                            if (message.value() == null) {
                                numbers.remove(message.key());
                            } else {
                                numbers.put(
                                        message.key(),
                                        JsonMapper.shared().readTree(message.value()));
                            }
                        });
        return numbers;
    }

    /** The value of a number; "gone" where there is none. */
    String value(String metric, String group) {
        JsonNode number =
                numbers()
                        .get(
                                "{\"metric\":\"%s\",\"window\":\"5m\"%s}"
                                        .formatted(
                                                metric,
                                                group == null
                                                        ? ""
                                                        : ",\"group\":\"" + group + "\""));
        return number == null ? "gone" : number.path("value").toString();
    }

    /** The pipeline's own message. */
    JsonNode pipeline(Plan plan) {
        return numbers()
                .getOrDefault("{\"pipeline\":\"" + plan.name() + "\"}", MissingNode.getInstance());
    }

    /** The keys of all messages of numbers that were read so far, in their order. */
    List<String> sent() {
        return keys.stream().filter(key -> key.startsWith("{\"metric\"")).toList();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
