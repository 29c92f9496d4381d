package dev.millrace.bench.processor;

import dev.millrace.bench.Measured;
import dev.millrace.pipeline.plan.Plan;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * Processors that share a log of as many partitions as there may be of them. What they count is
 * measured while each has a partition, and until the first partition is at its end.
 */
final class Instances {
    private static final Duration PATIENCE = Duration.ofMinutes(20);

    /** Less than this part of the log says nothing. */
    private static final double LEAST = 0.2;

    private final Log log;
    private final Plan plan;
    private final String redis;
    private final Path folder;
    private final Starter starter;

    /** Starts a processor on one of the machine's. */
    interface Starter {
        Measured start(Log log, String redis, int processor, Path output) throws IOException;
    }

    Instances(Log log, Plan plan, String redis, Path folder, Starter starter) {
        this.log = log;
        this.plan = plan;
        this.redis = redis;
        this.folder = folder;
        this.starter = starter;
    }

    /** Measures an instance on each of some processors, and compares what they have counted. */
    Run measure(List<Integer> processors)
            throws IOException, InterruptedException, ExecutionException {
        List<Measured> processes = new ArrayList<>();
        try (var counted = new Counted(redis, plan);
                var admin =
                        Admin.create(
                                Map.<String, Object>of(
                                        "bootstrap.servers", log.bootstrapServers()))) {
            for (int processor : processors) {
                Path output = folder.resolve("processor" + processor + ".log");
                processes.add(starter.start(log, redis, processor, output));
            }
            var ends = ends(admin);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (counted.events() < log.events() / 4 || !areAllAtWork(admin, processes.size())) {
                pause(processes, deadline);
            }
            long first = counted.events();
            double before = processorSeconds(processes);
            long begun = System.nanoTime();
            long last = first;
            while (last < log.events()) {
                Map<String, Long> positions = counted.positions();
                last = positions.values().stream().mapToLong(Long::longValue).sum();
                if (ends.entrySet().stream()
                        .anyMatch(
                                end ->
                                        positions.getOrDefault(end.getKey(), 0L)
                                                >= end.getValue())) {
                    break;
                }
                pause(processes, deadline);
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            double used = processorSeconds(processes) - before;
            if (last - first < LEAST * log.events()) {
                throw new IllegalStateException(
                        "Only %,d of %,d events were left when all instances were at work: give more events"
                                .formatted(last - first, log.events()));
            }
            var run = Run.of(last - first, seconds, used, processes.getFirst());
            counted.await(log.events(), processes.getFirst());
            counted.check(log.truth());
            return run;
        } finally {
            for (Measured process : processes) {
                process.close();
            }
        }
    }

    private static void pause(List<Measured> processes, long deadline)
            throws IOException, InterruptedException {
        for (Measured process : processes) {
            process.requireAlive();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(
                        "They take too long; one said:\n" + process.output());
            }
        }
        Thread.sleep(5);
    }

    private static double processorSeconds(List<Measured> processes) {
        return processes.stream().mapToDouble(Measured::processorSeconds).sum();
    }

    /** How many events each partition has. */
    private Map<String, Long> ends(Admin admin) throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (int partition = 0; partition < 2; partition++) {
            asked.put(new TopicPartition(log.topic(), partition), OffsetSpec.latest());
        }
        Map<String, Long> ends = new HashMap<>();
        admin.listOffsets(asked)
                .all()
                .get()
                .forEach(
                        (partition, end) ->
                                ends.put(
                                        partition.topic() + ":" + partition.partition(),
                                        end.offset()));
        return ends;
    }

    private boolean areAllAtWork(Admin admin, int instances)
            throws InterruptedException, ExecutionException {
        String group = plan.name() + "-processor";
        ConsumerGroupDescription description =
                admin.describeConsumerGroups(List.of(group)).all().get().get(group);
        return description.members().stream()
                        .filter(
                                member ->
                                        member.assignment().topicPartitions().stream()
                                                .anyMatch(one -> one.topic().equals(log.topic())))
                        .count()
                >= instances;
    }
}
