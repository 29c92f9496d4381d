package dev.millrace.pipeline.resource;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * A volume.
 *
 * @param size its size, such as {@code 10Gi}; it can grow where the storage class allows, and never
 *     shrinks
 * @param storageClass the storage class; absent: the cluster's default
 */
@ValidationRule(
        value =
                "!has(oldSelf.size) || !has(self.size) || quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0",
        message =
                "storage.size: a volume cannot shrink; keep the size, or make a new pipeline and let it read the events again")
@ValidationRule(
        value =
                "has(self.storageClass) == has(oldSelf.storageClass) && (!has(self.storageClass) || self.storageClass == oldSelf.storageClass)",
        message = "storage.storageClass: a volume cannot change its class; make a new pipeline")
public record StorageSpec(
        @JsonPropertyDescription(
                        "Its size, such as 10Gi; it can grow where the storage class allows, and never shrinks")
                @Pattern(Patterns.QUANTITY)
                String size,
        @JsonPropertyDescription("The storage class; absent: the cluster's default")
                String storageClass) {}
