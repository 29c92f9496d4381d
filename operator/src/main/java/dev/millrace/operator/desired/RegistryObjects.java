package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.SchemaRegistrySpec;

import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;

import java.util.Map;
import java.util.TreeMap;

/**
 * The registry of Avro schemas: an Apicurio that keeps them in a file on its volume, for the ids of
 * schemas are in the events, and must mean the same as long as these are kept.
 */
public final class RegistryObjects {
    /** The value of the component label, and the end of its names. */
    public static final String COMPONENT = "registry";

    /** Its port. */
    public static final int PORT = 8080;

    private static final String API = "/apis/ccompat/v7";
    private static final String DATA_FOLDER = "/var/lib/registry";
    private static final long USER = 185;

    private static final Map<String, String> SETTINGS =
            new TreeMap<>(
                    Map.of(
                            "QUARKUS_HTTP_PORT",
                            Integer.toString(PORT),
                            "QUARKUS_HTTP_ACCESS_LOG_ENABLED",
                            "false",
                            "APICURIO_STORAGE_KIND",
                            "sql",
                            "APICURIO_STORAGE_SQL_KIND",
                            "h2",
                            "APICURIO_DATASOURCE_URL",
                            // on the disk before an id is given out
                            "jdbc:h2:file:" + DATA_FOLDER + "/schemas;WRITE_DELAY=0",
                            "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE",
                            "1",
                            "APICURIO_DATASOURCE_JDBC_MIN_SIZE",
                            "1",
                            "APICURIO_DATASOURCE_JDBC_MAX_SIZE",
                            "10",
                            "APICURIO_RULES_GLOBAL_COMPATIBILITY",
                            "BACKWARD"));

    private RegistryObjects() {}

    /** The name of Service and StatefulSet. */
    public static String name(PipelineView view) {
        return view.name(COMPONENT);
    }

    /** Where clients find it, whether it is made for the pipeline or not. */
    public static String url(PipelineView view) {
        return view.hasRegistry()
                ? "http://" + name(view) + ":" + PORT + API
                : view.spec().schemaRegistry().external().url();
    }

    /** Its volume. */
    public static PersistentVolumeClaim claim(PipelineView view) {
        SchemaRegistrySpec spec = view.spec().schemaRegistry();
        return DataVolume.claim(view, COMPONENT, spec == null ? null : spec.storage(), "1Gi");
    }

    /** Its address. */
    public static Service service(PipelineView view) {
        return StoreServer.service(view, COMPONENT, PORT);
    }

    /** The server. */
    public static StatefulSet server(PipelineView view) {
        SchemaRegistrySpec spec = view.spec().schemaRegistry();
        String image =
                spec == null || spec.image() == null ? view.images().registry() : spec.image();
        StoreServer server =
                new StoreServer(view, COMPONENT, PORT, image, USER)
                        .configHash(Manifest.hash(SETTINGS.toString()))
                        .dataFolder(DATA_FOLDER)
                        .resources(
                                Resources.of(
                                        spec == null ? null : spec.resources(),
                                        "100m",
                                        "320Mi",
                                        "640Mi"))
                        .probe(answer(), 10)
                        .graceSeconds(30);
        SETTINGS.forEach(
                (name, value) ->
                        server.env(new EnvVarBuilder().withName(name).withValue(value).build()));
        return server.build();
    }

    /** That it answers about schemas: its storage is there then. */
    private static Probe answer() {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(API + "/subjects")
                .withPort(new IntOrString(COMPONENT))
                .withScheme("HTTP")
                .endHttpGet()
                .build();
    }
}
