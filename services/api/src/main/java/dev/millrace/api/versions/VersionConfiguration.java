package dev.millrace.api.versions;

import dev.millrace.api.mongo.MongoStore;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import java.time.Duration;

/** The versions of rows. */
@Configuration(proxyBeanMethods = false)
@Import(VersionController.class)
public class VersionConfiguration {
    /** Longer than the store searches at most. */
    private static final Duration LONGEST = Duration.ofSeconds(12);

    /** The way to them. */
    @Bean
    public RecordedVersions recordedVersions(
            Plan plan,
            @Value("${spring.mongodb.uri:}") String mongo,
            @Value("${millrace.audit.collection:events}") String events) {
        return new RecordedVersions(plan, new MongoStore(mongo, "versions", LONGEST, true), events);
    }
}
