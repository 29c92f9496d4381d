package dev.millrace.processor;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.NativeCompression;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

import java.nio.file.Path;

/** Runs the processor alone. */
@EnableAutoConfiguration
@Import(ProcessorConfiguration.class)
public class Main {
    /**
     * Starts it, with the manifest that {@code MILLRACE_PIPELINE} names; ends with 2 where that
     * cannot be used.
     */
    public static void main(String[] arguments) {
        try {
            String file = System.getenv("MILLRACE_PIPELINE");
            if (file == null || file.isBlank()) {
                System.err.println(
                        "MILLRACE_PIPELINE is not set: set it to the path of the pipeline's manifest");
                System.exit(2);
                return;
            }
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
        NativeCompression.load();
        application.run(arguments);
    }
}
