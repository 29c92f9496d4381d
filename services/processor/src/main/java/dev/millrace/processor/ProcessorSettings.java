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
 * @param redisTimeout how long an answer of Redis may take
 * @param stopTimeout how long the last flush may take when the processor stops or hands a partition
 *     over
 */
@ConfigurationProperties("millrace.processor")
public record ProcessorSettings(
        @DefaultValue("50ms") Duration flushInterval,
        @DefaultValue("20000") int flushLimit,
        @DefaultValue("5s") Duration redisTimeout,
        @DefaultValue("10s") Duration stopTimeout) {}
