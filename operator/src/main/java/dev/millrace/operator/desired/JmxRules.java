package dev.millrace.operator.desired;

/** Which beans of a broker, and of Kafka Connect, become metrics of Prometheus. */
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

    static final String CONNECT =
            """
            lowercaseOutputName: true
            rules:
              - pattern: kafka.connect<type=connect-worker-metrics, connector=(.+)><>connector-(running|failed|paused|restarting)-task-count
                name: kafka_connect_tasks
                type: GAUGE
                labels: {connector: "$1", state: "$2"}
              - pattern: kafka.connect<type=source-task-metrics, connector=(.+), task=(.+)><>source-record-write-total
                name: kafka_connect_records_total
                type: COUNTER
                labels: {connector: "$1", task: "$2"}
              - pattern: debezium.([^:]+)<type=connector-metrics, context=streaming, server=([^,>]+)[^>]*><>(MilliSecondsBehindSource|MilliSecondsSinceLastEvent|TotalNumberOfEventsSeen|Connected)
                name: debezium_$3
                type: GAUGE
                labels: {engine: "$1", prefix: "$2"}
              - pattern: debezium.([^:]+)<type=connector-metrics, context=snapshot, server=([^,>]+)[^>]*><>(SnapshotRunning|SnapshotCompleted|RemainingTableCount)
                name: debezium_$3
                type: GAUGE
                labels: {engine: "$1", prefix: "$2"}
              - pattern: java.lang<type=Memory><HeapMemoryUsage>(used|max)
                name: jvm_memory_heap_$1_bytes
                type: GAUGE
            """;

    private JmxRules() {}
}
