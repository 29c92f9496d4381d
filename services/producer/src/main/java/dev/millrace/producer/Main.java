package dev.millrace.producer;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.NativeCompression;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import java.nio.file.Path;

/** Runs the producer alone, for the pipeline in the file that MILLRACE_PIPELINE names. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ProducerConfiguration.class)
public class Main {
    private static final int INVALID = 2;

    /** Starts the producer; ends with exit code 2 where the manifest is not valid. */
    public static void main(String[] args) {
        String file = System.getenv("MILLRACE_PIPELINE");
        if (file == null || file.isBlank()) {
            System.err.println(
                    "MILLRACE_PIPELINE is not set; set it to the path of the pipeline's manifest");
            System.exit(INVALID);
            return;
        }
        try {
            start(ManifestReader.readToRun(Path.of(file)), args);
        } catch (InvalidPipelineException e) {
            System.err.println(e.getMessage());
            System.exit(INVALID);
        }
    }

    private static void start(Plan plan, String[] args) {
        var application =
                new SpringApplicationBuilder(Main.class)
                        .initializers(
                                context ->
                                        context.getBeanFactory().registerSingleton("plan", plan));
        if ("json".equalsIgnoreCase(System.getenv("MILLRACE_LOG_FORMAT"))) {
            application.properties("logging.structured.format.console=ecs");
        }
        NativeCompression.load();
        application.run(args);
    }
}
