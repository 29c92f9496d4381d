package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RedisObjects;

import io.fabric8.kubernetes.api.model.Service;

/** Redis' address. */
public class RedisService extends Owned<Service> {
    /** For the workflow. */
    public RedisService() {
        super(Service.class);
    }

    @Override
    Service desired(PipelineView view) {
        return RedisObjects.service(view);
    }
}
