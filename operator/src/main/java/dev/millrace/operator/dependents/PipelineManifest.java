package dev.millrace.operator.dependents;

import dev.millrace.operator.desired.Manifest;
import dev.millrace.operator.desired.PipelineView;

import io.fabric8.kubernetes.api.model.ConfigMap;

/** The manifest that the workloads read. */
public class PipelineManifest extends Owned<ConfigMap> {
    /** For the workflow. */
    public PipelineManifest() {
        super(ConfigMap.class);
    }

    @Override
    ConfigMap desired(PipelineView view) {
        return Manifest.configMap(view);
    }
}
