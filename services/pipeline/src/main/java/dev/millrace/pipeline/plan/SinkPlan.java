package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.SinkSpec.Precision;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * An InfluxDB, or a server with its line protocol, that numbers are written to.
 *
 * @param name its name; no two sinks of a pipeline have the same
 * @param url its address
 * @param database the database of version 1; {@code null} for version 2
 * @param org the organization of version 2; {@code null} for version 1
 * @param bucket the bucket of version 2; {@code null} for version 1
 * @param secret the Secret with its token, or its user's name and password; {@code null}: it asks
 *     for none
 * @param metrics what is written; all of them are counted by minutes, hours or days
 * @param precision unit of the points' times
 */
public record SinkPlan(
        String name,
        URI url,
        String database,
        String org,
        String bucket,
        String secret,
        List<MeasurePlan> metrics,
        Precision precision) {

    /** The port of its address, 80 or 443 where that has none. */
    public int port() {
        if (url.getPort() > 0) {
            return url.getPort();
        }
        return url.getScheme().equals("https") ? 443 : 80;
    }

    /**
     * The setting of a service for this sink, such as {@code millrace.sink.influxdb.token}.
     *
     * @param key {@code url}, {@code token}, {@code username} or {@code password}
     */
    public String setting(String key) {
        return "millrace.sink." + name + "." + key;
    }

    /** The same as the environment has it, such as {@code MILLRACE_SINK_INFLUXDB_TOKEN}. */
    public String variable(String key) {
        return setting(key).replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}
