package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.MongoObjects;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;

/** Mongo's volume. */
public class MongoVolume extends VolumeClaim {
    @Override
    PersistentVolumeClaim claim(PipelineView view) {
        return MongoObjects.claim(view);
    }
}
