package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.MongoObjects;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.Service;

/** Mongo's address. */
public class MongoService extends Owned<Service> {
    /** For the workflow. */
    public MongoService() {
        super(Service.class);
    }

    @Override
    Service desired(PipelineView view) {
        return MongoObjects.service(view);
    }
}
