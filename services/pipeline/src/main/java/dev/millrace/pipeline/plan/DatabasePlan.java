package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.TableSpec.Engine;
import dev.millrace.pipeline.resource.TableSpec.Tls;

/**
 * A relational database that tables are captured from.
 *
 * @param engine what it is
 * @param host its name or address
 * @param port its port
 * @param database its name
 * @param secret the Secret with the user's name and password
 * @param tls how the connection is secured
 * @param prefix the first part of its topics' names; no two databases of a pipeline have the same
 */
public record DatabasePlan(
        Engine engine,
        String host,
        int port,
        String database,
        String secret,
        Tls tls,
        String prefix) {
    /** The port that an engine has where nothing else is said. */
    public static int port(Engine engine) {
        return engine == Engine.postgresql ? 5432 : 3306;
    }
}
