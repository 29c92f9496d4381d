package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

import java.util.List;

/**
 * A server that numbers are also written to.
 *
 * @param name unique among sinks; how far each is written is noted by its name
 * @param influxdb an InfluxDB, or a server with its line protocol over HTTP
 */
public record SinkSpec(
        @JsonPropertyDescription("Unique among sinks; how far each is written is noted by its name")
                @Default("influxdb")
                @Pattern(NAME)
                String name,
        @JsonPropertyDescription("An InfluxDB, or a server with its line protocol over HTTP")
                @Required
                InfluxdbSpec influxdb) {
    /** The name of a sink, as part of a setting of the environment too. */
    public static final String NAME = "^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$";

    /** The address of a server. */
    public static final String URL = "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$";

    /**
     * Where points go, and which.
     *
     * @param url its address, such as {@code http://influxdb:8086}
     * @param database name of the database, of version 1; needs no {@code org} and {@code bucket}
     * @param org name of the organization, of version 2
     * @param bucket name of the bucket, of version 2
     * @param secretRef name of the Secret with its {@code token}, or its {@code username} and
     *     {@code password}; absent: it asks for none
     * @param metrics names of the metrics to write; absent: all that are counted by minutes, hours
     *     or days
     * @param precision unit of the points' times: {@code s} by default
     */
    @ValidationRule(
            value = "has(self.database) != (has(self.org) || has(self.bucket))",
            message = "needs either database, of version 1, or org and bucket, of version 2")
    @ValidationRule(
            value = "has(self.org) == has(self.bucket)",
            message = "needs both org and bucket, of version 2")
    public record InfluxdbSpec(
            @JsonPropertyDescription("Its address, such as http://influxdb:8086")
                    @Required
                    @Pattern(URL)
                    String url,
            @JsonPropertyDescription("Name of the database, of version 1; needs no org and bucket")
                    @Size(min = 1)
                    String database,
            @JsonPropertyDescription("Name of the organization, of version 2") @Size(min = 1)
                    String org,
            @JsonPropertyDescription("Name of the bucket, of version 2") @Size(min = 1)
                    String bucket,
            @JsonPropertyDescription(
                            "Name of the Secret with its token, or its username and password; absent: it asks for none")
                    String secretRef,
            @JsonPropertyDescription(
                            "Names of the metrics to write; absent: all that are counted by minutes, hours or days")
                    @Size(min = 1)
                    List<String> metrics,
            @JsonPropertyDescription("Unit of the points' times: s by default") @Default("s")
                    Precision precision) {}

    /** Units of points' times. */
    public enum Precision {
        /** Seconds. */
        s,
        /** Milliseconds. */
        ms
    }
}
