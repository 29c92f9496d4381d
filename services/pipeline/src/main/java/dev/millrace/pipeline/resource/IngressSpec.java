package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Pattern;

import java.util.Map;

/**
 * An Ingress in front of API, dashboard and collector.
 *
 * @param host the host name; absent: any
 * @param className the ingress class; absent: the cluster's default
 * @param tlsSecret name of the Secret with the certificate; absent: no TLS
 * @param annotations annotations of the Ingress
 */
public record IngressSpec(
        @JsonPropertyDescription("The host name; absent: any")
                @Pattern("^(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
                String host,
        @JsonPropertyDescription("The ingress class; absent: the cluster's default")
                String className,
        @JsonPropertyDescription("Name of the Secret with the certificate; absent: no TLS")
                String tlsSecret,
        @JsonPropertyDescription("Annotations of the Ingress") Map<String, String> annotations) {}
