package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RedisObjects;

import io.fabric8.kubernetes.api.model.ConfigMap;

/** Redis' settings. */
public class RedisConfig extends Owned<ConfigMap> {
    /** For the workflow. */
    public RedisConfig() {
        super(ConfigMap.class);
    }

    @Override
    ConfigMap desired(PipelineView view) {
        return RedisObjects.config(view);
    }
}
