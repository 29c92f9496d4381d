package dev.millrace.api.sink;

import dev.millrace.api.history.History;
import dev.millrace.api.state.RollupReader;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.SinkPlan;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The sinks' parts. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SinkSettings.class)
public class SinkConfiguration {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** The threads that write, one for each sink. */
    @Bean
    public Sinks sinks(
            Plan plan,
            History history,
            LettuceConnectionFactory redis,
            SinkSettings settings,
            MeterRegistry registry,
            Environment environment) {
        List<SinkWriter> writers = new ArrayList<>();
        List<SinkLog> logs = new ArrayList<>();
        for (SinkPlan sink : plan.sinks()) {
            SinkLog log = new SinkLog(sink, registry);
            logs.add(log);
            writers.add(
                    new SinkWriter(
                            plan,
                            sink,
                            new InfluxClient(sink, environment::getProperty, settings.patience()),
                            history,
                            () -> RollupReader.open(plan, redis, PATIENCE),
                            settings,
                            log));
        }
        return new Sinks(writers, logs, settings.enabled());
    }
}
