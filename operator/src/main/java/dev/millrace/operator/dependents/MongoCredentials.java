package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Credentials;
import dev.millrace.operator.desired.MongoObjects;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.Secret;

/** The password of Mongo. */
public class MongoCredentials extends GeneratedSecret {
    @Override
    String name(PipelineView view) {
        return MongoObjects.name(view);
    }

    @Override
    Secret generate(PipelineView view) {
        return Credentials.mongo(view);
    }
}
