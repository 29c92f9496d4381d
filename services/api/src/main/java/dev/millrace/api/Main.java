package dev.millrace.api;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import java.nio.file.Path;

/** Runs the API alone, for the pipeline whose manifest MILLRACE_PIPELINE names. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ApiConfiguration.class)
public class Main {
    /** Exits with 2, and one line for each problem, when the manifest cannot run. */
    public static void main(String[] arguments) {
        String file = System.getenv("MILLRACE_PIPELINE");
        if (file == null || file.isBlank()) {
            System.err.println("MILLRACE_PIPELINE is not set; give it the path of the manifest.");
            System.exit(2);
            return;
        }
        try {
            start(ManifestReader.readToRun(Path.of(file)), arguments);
        } catch (InvalidPipelineException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        }
    }

    private static void start(Plan plan, String[] arguments) {
        SpringApplicationBuilder application =
                new SpringApplicationBuilder(Main.class)
                        .initializers(
                                context ->
                                        context.getBeanFactory().registerSingleton("plan", plan));
        if ("json".equalsIgnoreCase(System.getenv("MILLRACE_LOG_FORMAT"))) {
            application.properties("logging.structured.format.console=ecs");
        }
        application.run(arguments);
    }
}
