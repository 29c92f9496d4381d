package dev.millrace.operator.desired;

/** Which of a broker's beans become metrics of Prometheus. */
final class JmxRules {
    static final String TEXT =
            """
            lowercaseOutputName: true
            rules:
              - pattern: kafka.server<type=BrokerTopicMetrics, name=(MessagesInPerSec|BytesInPerSec|BytesOutPerSec|FailedProduceRequestsPerSec|FailedFetchRequestsPerSec), topic=(.+)><>Count
                name: kafka_topic_$1_total
                type: COUNTER
                labels: {topic: "$2"}
              - pattern: kafka.server<type=ReplicaManager, name=(UnderReplicatedPartitions|UnderMinIsrPartitionCount|PartitionCount|LeaderCount)><>Value
                name: kafka_replicas_$1
                type: GAUGE
              - pattern: kafka.controller<type=KafkaController, name=(ActiveControllerCount|OfflinePartitionsCount)><>Value
                name: kafka_controller_$1
                type: GAUGE
              - pattern: kafka.network<type=RequestMetrics, name=TotalTimeMs, request=(Produce|FetchConsumer)><>(Mean|99thPercentile)
                name: kafka_request_total_time_ms
                type: GAUGE
                labels: {request: "$1", statistic: "$2"}
              - pattern: kafka.log<type=Log, name=Size, topic=(.+), partition=(.+)><>Value
                name: kafka_log_size_bytes
                type: GAUGE
                labels: {topic: "$1", partition: "$2"}
              - pattern: java.lang<type=Memory><HeapMemoryUsage>(used|max)
                name: jvm_memory_heap_$1_bytes
                type: GAUGE
            """;

    private JmxRules() {}
}
