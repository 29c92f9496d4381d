package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.MongoSpec;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;

/** The store of the audit. */
public final class MongoObjects {
    /** The value of the component label, and the end of its names. */
    public static final String COMPONENT = "mongo";

    /** Its port. */
    public static final int PORT = 27017;

    static final String USER = "millrace";
    static final String DATABASE = "millrace";

    private static final String SECRET_FOLDER = "/etc/millrace-secret";
    private static final String DATA_FOLDER = "/data/db";
    private static final long USER_ID = 999;

    private MongoObjects() {}

    /** The name of Service, StatefulSet and Secret. */
    public static String name(PipelineView view) {
        return view.name(COMPONENT);
    }

    /** Its volume. */
    public static PersistentVolumeClaim claim(PipelineView view) {
        MongoSpec spec = view.spec().mongo();
        return DataVolume.claim(view, COMPONENT, spec == null ? null : spec.storage(), "10Gi");
    }

    /** Its address. */
    public static Service service(PipelineView view) {
        return StoreServer.service(view, COMPONENT, PORT);
    }

    /**
     * The server.
     *
     * @param secret its user and password
     */
    public static StatefulSet server(PipelineView view, Secret secret) {
        MongoSpec spec = view.spec().mongo();
        String image = spec == null || spec.image() == null ? view.images().mongo() : spec.image();
        return new StoreServer(view, COMPONENT, PORT, image, USER_ID)
                .configHash(Credentials.hash(secret))
                .env(file("MONGO_INITDB_ROOT_USERNAME_FILE", "username"))
                .env(file("MONGO_INITDB_ROOT_PASSWORD_FILE", "password"))
                .dataFolder(DATA_FOLDER)
                .secret(name(view), SECRET_FOLDER)
                .resources(
                        Resources.of(
                                spec == null ? null : spec.resources(), "250m", "512Mi", "1Gi"))
                // a shell that takes a second to start
                .probe(ping(), 20)
                .graceSeconds(60)
                .build();
    }

    private static EnvVar file(String name, String key) {
        return new EnvVarBuilder().withName(name).withValue(SECRET_FOLDER + "/" + key).build();
    }

    private static Probe ping() {
        return new ProbeBuilder()
                .withNewExec()
                .withCommand("mongosh", "--quiet", "--eval", "db.adminCommand('ping')")
                .endExec()
                .build();
    }
}
