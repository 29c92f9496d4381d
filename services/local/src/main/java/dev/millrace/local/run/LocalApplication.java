package dev.millrace.local.run;

import dev.millrace.api.ApiConfiguration;
import dev.millrace.audit.AuditConfiguration;
import dev.millrace.enricher.EnricherConfiguration;
import dev.millrace.processor.ProcessorConfiguration;
import dev.millrace.producer.ProducerConfiguration;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** All workloads in one application, on one port: the classes that run alone on a cluster. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
    ProducerConfiguration.class,
    EnricherConfiguration.class,
    ProcessorConfiguration.class,
    AuditConfiguration.class,
    ApiConfiguration.class
})
class LocalApplication {}
