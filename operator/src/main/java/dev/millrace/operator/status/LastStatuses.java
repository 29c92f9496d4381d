package dev.millrace.operator.status;

import dev.millrace.pipeline.resource.AnalyticsPipeline;
import dev.millrace.pipeline.resource.PipelineStatus;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The statuses that the operator has found last. What the API server tells of its own writes comes
 * a moment later, and a reconciliation in between would find the same changes again, and announce
 * them twice.
 */
public final class LastStatuses {
    private static final int MOST = 10_000;

    private final Map<String, PipelineStatus> statuses =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, PipelineStatus> eldest) {
                    return size() > MOST;
                }
            };

    /** The last one of a pipeline: as found here, or else as it was applied. */
    synchronized PipelineStatus of(AnalyticsPipeline pipeline) {
        PipelineStatus known = statuses.get(pipeline.getMetadata().getUid());
        if (known != null) {
            return known;
        }
        return pipeline.getStatus() == null
                ? new PipelineStatus(null, List.of(), null)
                : pipeline.getStatus();
    }

    synchronized void put(AnalyticsPipeline pipeline, PipelineStatus status) {
        statuses.put(pipeline.getMetadata().getUid(), status);
    }
}
