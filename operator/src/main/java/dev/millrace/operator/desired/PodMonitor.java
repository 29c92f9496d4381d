package dev.millrace.operator.desired;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

import java.util.Map;

/** A resource of Prometheus' operator, as far as it is known here: as it is written. */
@Group(Monitoring.GROUP)
@Version(Monitoring.VERSION)
@Plural("podmonitors")
public class PodMonitor extends CustomResource<Map<String, Object>, Void> implements Namespaced {
    private static final long serialVersionUID = 1L;

    @Override
    protected Map<String, Object> initSpec() {
        return null;
    }

    @Override
    protected Void initStatus() {
        return null;
    }
}
