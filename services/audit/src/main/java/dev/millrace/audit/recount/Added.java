package dev.millrace.audit.recount;

import java.util.Map;

/**
 * What was recorded between two positions in Kafka.
 *
 * @param buckets what it adds to buckets; those without any event are not there
 * @param newest the highest event time of each partition with a valid event, in milliseconds since
 *     1970, by {@code TOPIC:PARTITION}
 * @param valid how many valid events there were
 * @param failed how many others there were, by the cause
 * @param refused how many valid events the store has refused, which are not in {@code buckets}
 */
public record Added(
        Map<Bucket, Contents> buckets,
        Map<String, Long> newest,
        long valid,
        Map<String, Long> failed,
        long refused) {}
