package dev.millrace.operator;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The operator: makes pipelines on Kubernetes what their resources say. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan("dev.millrace.operator.config")
public class Main {
    /** Runs until it is stopped. */
    public static void main(String[] args) {
        var application = new SpringApplication(Main.class);
        if ("json".equalsIgnoreCase(System.getenv("MILLRACE_LOG_FORMAT"))) {
            application.setDefaultProperties(
                    java.util.Map.of("logging.structured.format.console", "ecs"));
        }
        application.run(args);
    }
}
