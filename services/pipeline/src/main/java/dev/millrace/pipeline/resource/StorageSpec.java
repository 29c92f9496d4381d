package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Pattern;

/**
 * A volume.
 *
 * @param size its size, such as {@code 10Gi}; it can grow where the storage class allows, and never
 *     shrinks
 * @param storageClass the storage class; absent: the cluster's default
 */
public record StorageSpec(
        @JsonPropertyDescription(
                        "Its size, such as 10Gi; it can grow where the storage class allows, and never shrinks")
                @Pattern(Patterns.QUANTITY)
                String size,
        @JsonPropertyDescription("The storage class; absent: the cluster's default")
                String storageClass) {}
