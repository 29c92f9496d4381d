package dev.millrace.processor;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * How the processor works.
 *
 * @param flushInterval how often counts go to Redis, at least; longer where flushes take long
 * @param flushLimit how many writes one flush carries, about; a partition is flushed sooner when it
 *     reaches them
 * @param packAbove how many groups or values of one bucket a flush writes one by one; where there
 *     are more, it packs them into one write
 * @param pendingLimit how many numbers and values are kept in memory between flushes, all
 *     partitions together, about; a partition is flushed sooner when it reaches its share
 * @param redisTimeout how long an answer of Redis may take
 * @param stopTimeout how long the last flush may take when the processor stops or hands a partition
 *     over
 */
@ConfigurationProperties("millrace.processor")
public record ProcessorSettings(
        @DefaultValue("50ms") Duration flushInterval,
        @DefaultValue("20000") int flushLimit,
        @DefaultValue("1000") int packAbove,
        @DefaultValue("200000") int pendingLimit,
        @DefaultValue("5s") Duration redisTimeout,
        @DefaultValue("10s") Duration stopTimeout) {}
