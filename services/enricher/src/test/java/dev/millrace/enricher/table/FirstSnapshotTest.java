package dev.millrace.enricher.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.TablePlan;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Joins begin when Debezium has read the whole table, and not before. */
class FirstSnapshotTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"op\":\"r\",\"after\":{},\"source\":{\"snapshot\":\"first\"}} | false",
                "{\"op\":\"r\",\"after\":{},\"source\":{\"snapshot\":\"true\"}} | false",
                "{\"op\":\"r\",\"after\":{},\"source\":{\"snapshot\":\"first_in_data_collection\"}} | false",
                "{\"op\":\"r\",\"after\":{},\"source\":{\"snapshot\":\"last_in_data_collection\"}} | true",
                "{\"op\":\"r\",\"after\":{},\"source\":{\"snapshot\":\"last\"}} | true",
                "{\"op\":\"u\",\"after\":{},\"source\":{\"snapshot\":\"false\"}} | true",
                "{\"op\":\"d\",\"before\":{},\"source\":{}} | true",
                "no JSON | false",
            })
    void theLastRowAndChangesSayThatAllWereRead(String value, boolean all) {
        assertThat(FirstSnapshot.isAfterSnapshot(value.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(all);
    }

    @Test
    void aDeletedRowIsAChange() {
        assertThat(FirstSnapshot.isAfterSnapshot(null)).isTrue();
    }

    @Test
    @Timeout(60)
    void anEmptyTopicIsWaitedFor() throws Exception {
        TablePlan table =
                ManifestReader.parse(
                                "test",
                                """
                                apiVersion: millrace.dev/v1alpha1
                                kind: AnalyticsPipeline
                                metadata: {name: test}
                                spec:
                                  tables:
                                    - {name: p, key: id, fields: {id: {type: integer}}, cdc: {engine: mysql, host: h,
                                       database: d, table: p, secretRef: s}}
                                  streams: [{name: orders, fields: {id: {type: string}}}]
                                  metrics: [{name: orders, from: orders, measure: count, window: 5m}]
                                """)
                        .tables()
                        .getFirst();
        String topic = table.topic().name();
        TopicPartition partition = new TopicPartition(topic, 0);
        MockConsumer<byte[], byte[]> consumer =
                new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
        Node node = new Node(0, "h", 1);
        consumer.updatePartitions(
                topic,
                List.of(new PartitionInfo(topic, 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(partition, 0L));

        CompletableFuture<Void> done =
                CompletableFuture.runAsync(() -> new FirstSnapshot(() -> consumer).await(table));

        assertThat(done).as("nothing has come").isNotCompleted();
        consumer.schedulePollTask(() -> consumer.addRecord(row(topic, 0, "true")));
        consumer.schedulePollTask(() -> consumer.addRecord(row(topic, 1, "last")));
        done.get(50, TimeUnit.SECONDS);
    }

    private static ConsumerRecord<byte[], byte[]> row(String topic, long offset, String mark) {
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                new byte[0],
                ("{\"op\":\"r\",\"after\":{},\"source\":{\"snapshot\":\"" + mark + "\"}}")
                        .getBytes(StandardCharsets.UTF_8));
    }
}
