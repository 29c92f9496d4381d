package dev.millrace.operator.desired;

import dev.millrace.pipeline.resource.StorageSpec;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;

import java.util.Map;

/** The volume of a store. */
public final class DataVolume {
    private DataVolume() {}

    /** The name of a store's claim. */
    public static String name(PipelineView view, String store) {
        return view.name(store + "-data");
    }

    /** The size of a volume: as declared, or else the default. */
    static String size(StorageSpec storage, String otherwise) {
        return storage == null || storage.size() == null ? otherwise : storage.size();
    }

    /** The claim of a store. */
    static PersistentVolumeClaim claim(
            PipelineView view, String store, StorageSpec storage, String otherwise) {
        return new PersistentVolumeClaimBuilder()
                .withMetadata(view.metadata(name(view, store), store))
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withStorageClassName(storage == null ? null : storage.storageClass())
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity(size(storage, otherwise))))
                .endResources()
                .endSpec()
                .build();
    }
}
