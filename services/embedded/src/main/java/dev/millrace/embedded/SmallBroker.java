package dev.millrace.embedded;

import java.util.Map;

/** Broker settings for one process on one machine: few threads, little memory, no replicas. */
final class SmallBroker {

    static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("auto.create.topics.enable", "false"),
                    Map.entry("num.partitions", "1"),
                    Map.entry("default.replication.factor", "1"),
                    Map.entry("min.insync.replicas", "1"),
                    Map.entry("offsets.topic.replication.factor", "1"),
                    Map.entry("offsets.topic.num.partitions", "2"),
                    Map.entry("transaction.state.log.replication.factor", "1"),
                    Map.entry("transaction.state.log.min.isr", "1"),
                    Map.entry("transaction.state.log.num.partitions", "2"),
                    Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                    Map.entry("share.coordinator.state.topic.min.isr", "1"),
                    Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                    Map.entry("num.network.threads", "1"),
                    Map.entry("num.io.threads", "2"),
                    Map.entry("background.threads", "2"),
                    Map.entry("num.recovery.threads.per.data.dir", "2"),
                    Map.entry("num.replica.alter.log.dirs.threads", "1"),
                    Map.entry("group.coordinator.threads", "1"),
                    Map.entry("log.cleaner.threads", "1"),
                    Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                    // Enough for the index of a whole 1 GiB segment.
                    Map.entry("log.index.size.max.bytes", "2097152"),
                    Map.entry("log.segment.delete.delay.ms", "1000"),
                    // A local group forms at once, and notices a dead member soon.
                    Map.entry("group.initial.rebalance.delay.ms", "0"),
                    Map.entry("group.min.session.timeout.ms", "1000"),
                    Map.entry("group.consumer.min.heartbeat.interval.ms", "500"),
                    Map.entry("group.consumer.heartbeat.interval.ms", "1000"),
                    Map.entry("group.consumer.min.session.timeout.ms", "3000"),
                    Map.entry("group.consumer.session.timeout.ms", "10000"),
                    // After a crash the controller takes the dead broker for alive this long, and
                    // refuses the new one.
                    Map.entry("broker.session.timeout.ms", "3000"),
                    Map.entry("broker.heartbeat.interval.ms", "500"),
                    // Else an idle broker writes to the disk twice a second.
                    Map.entry("metadata.max.idle.interval.ms", "5000"),
                    Map.entry("server.max.startup.time.ms", "300000"),
                    Map.entry("metric.reporters", ""));

    private SmallBroker() {}
}
