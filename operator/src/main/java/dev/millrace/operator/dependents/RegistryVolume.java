package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RegistryObjects;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;

/** The registry's volume. */
public class RegistryVolume extends VolumeClaim {
    @Override
    PersistentVolumeClaim claim(PipelineView view) {
        return RegistryObjects.claim(view);
    }
}
