package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RedisObjects;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;

/** Redis' volume. */
public class RedisVolume extends VolumeClaim {
    @Override
    PersistentVolumeClaim claim(PipelineView view) {
        return RedisObjects.claim(view);
    }
}
