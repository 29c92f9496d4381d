package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Credentials;
import dev.millrace.operator.desired.PipelineView;
import dev.millrace.operator.desired.RedisObjects;

import io.fabric8.kubernetes.api.model.Secret;

/** The password of Redis. */
public class RedisCredentials extends GeneratedSecret {
    @Override
    String name(PipelineView view) {
        return RedisObjects.name(view);
    }

    @Override
    Secret generate(PipelineView view) {
        return Credentials.redis(view);
    }
}
