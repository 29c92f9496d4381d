package dev.millrace.audit;

import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.topic.NativeCompression;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

import java.nio.file.Path;

/**
 * Runs the audit of one pipeline. Environment: {@code MILLRACE_PIPELINE} (the manifest's file),
 * {@code KAFKA_BOOTSTRAP_SERVERS}, {@code MONGODB_URI}, {@code SERVER_PORT}, {@code
 * MILLRACE_LOG_FORMAT}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(AuditConfiguration.class)
public class Main {
    private static final int INVALID_MANIFEST = 2;

    /** Starts the audit; ends the process with code 2 where the manifest is invalid. */
    public static void main(String[] args) {
        String manifest = System.getenv("MILLRACE_PIPELINE");
        if (manifest == null || manifest.isBlank()) {
            System.err.println("MILLRACE_PIPELINE is not set; set it to the path of a manifest");
            System.exit(INVALID_MANIFEST);
            return;
        }
        try {
            start(ManifestReader.readToRun(Path.of(manifest)), args);
        } catch (InvalidPipelineException e) {
            System.err.println(e.getMessage());
            System.exit(INVALID_MANIFEST);
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
