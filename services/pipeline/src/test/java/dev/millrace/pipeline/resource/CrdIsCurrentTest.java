package dev.millrace.pipeline.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsOrBool;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** The CRD in {@code crds/} is what the types make of it; {@link #WRITE} makes it anew. */
class CrdIsCurrentTest {
    private static final Path FILE =
            Path.of("../../crds/analyticspipelines.millrace.dev-v1.yaml").normalize();
    private static final String WRITE =
            "mvn -pl services/pipeline test -Dtest=CrdIsCurrentTest -Dmillrace.crds.write=true";
    private static final List<String> COLUMNS =
            List.of("Ready", "Reason", "Dashboard", "Clock", "Age");

    @Test
    void fileIsWhatTheTypesMakeOfIt(@TempDir Path folder) throws IOException {
        String generated = generate(folder);
        if (Boolean.getBoolean("millrace.crds.write")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, generated);
        }

        assertThat(FILE).as("missing; make it with: %s", WRITE).exists();
        assertThat(Files.readString(FILE))
                .as("%s is not what the types make of it; make it anew with: %s", FILE, WRITE)
                .isEqualTo(generated);
    }

    private static String generate(Path folder) throws IOException {
        new CRDGenerator()
                .customResourceClasses(AnalyticsPipeline.class)
                .inOutputDir(folder.toFile())
                .withPostProcessor(new Corrections())
                .detailedGenerate();
        String yaml = Files.readString(folder.resolve("analyticspipelines.millrace.dev-v1.yml"));
        return "# Made from the types in services/pipeline; never edit it. To make it anew:\n# "
                + WRITE
                + "\n"
                + yaml.substring(yaml.indexOf("apiVersion:"));
    }

    /** What annotations cannot say. */
    private static final class Corrections implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata resource, String crdSpecVersion) {
            CustomResourceDefinition crd = (CustomResourceDefinition) resource;
            crd.getSpec()
                    .getVersions()
                    .forEach(
                            version -> {
                                // the generator sorts columns by path, people read Ready first
                                version.getAdditionalPrinterColumns()
                                        .sort(
                                                Comparator.comparing(
                                                        (CustomResourceColumnDefinition column) ->
                                                                COLUMNS.indexOf(column.getName())));
                                describe(version.getSchema().getOpenAPIV3Schema());
                            });
            return crd;
        }

        private static void describe(JSONSchemaProps resource) {
            resource.setDescription(
                    "A live analytics pipeline: events, what is counted over windows, and where it is shown");
            resource.setRequired(List.of("spec"));
            resource.getProperties().get("spec").setDescription("What the pipeline is made of");
            resource.getProperties()
                    .get("status")
                    .setDescription("What the operator last saw of the pipeline");
            open(resource);
            JSONSchemaProps spec = resource.getProperties().get("spec");
            // known by their names: no two of one name, and a stream is compared with itself
            named(spec, "streams", "name");
            named(spec, "tables", "name");
            named(spec, "metrics", "name");
            named(spec, "views", "path");
            amounts(spec);
        }

        private static void named(JSONSchemaProps spec, String list, String key) {
            JSONSchemaProps schema = spec.getProperties().get(list);
            schema.setXKubernetesListType("map");
            schema.setXKubernetesListMapKeys(List.of(key));
        }

        /** Requests and limits: {@code 1} as well as {@code 500m}. */
        private static void amounts(JSONSchemaProps schema) {
            if (schema.getProperties() != null) {
                schema.getProperties()
                        .forEach(
                                (name, property) -> {
                                    if (name.equals("resources")) {
                                        property.getProperties()
                                                .values()
                                                .forEach(Corrections::amount);
                                    } else {
                                        amounts(property);
                                    }
                                });
            }
        }

        private static void amount(JSONSchemaProps requestsOrLimits) {
            JSONSchemaProps amount = new JSONSchemaProps();
            amount.setXKubernetesIntOrString(true);
            requestsOrLimits.setAdditionalProperties(new JSONSchemaPropsOrBool(null, amount));
        }

        /** What keeps unknown fields may hold anything, not objects only. */
        private static void open(JSONSchemaProps schema) {
            if (Boolean.TRUE.equals(schema.getXKubernetesPreserveUnknownFields())) {
                schema.setAdditionalProperties(null);
            }
            if (schema.getProperties() != null) {
                schema.getProperties().values().forEach(Corrections::open);
            }
            if (schema.getItems() != null) {
                open(schema.getItems().getSchema());
            }
            if (schema.getAdditionalProperties() != null) {
                open(schema.getAdditionalProperties().getSchema());
            }
        }
    }
}
