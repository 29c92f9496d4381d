package dev.millrace.api.view;

import dev.millrace.api.json.Answer;
import dev.millrace.api.sse.ServerSentEvents;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.Condition;
import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.ViewPlan;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.ResponseEntity;

import java.time.Duration;

/** Serves one view. */
final class ViewEndpoint {
    private static final String DEGRADED = "Millrace-Degraded";

    private final ViewPlan view;
    private final ViewBody body;
    private final Snapshots snapshots;
    private final ServerSentEvents streams;
    private final Duration pace;

    ViewEndpoint(ViewPlan view, Snapshots snapshots, ServerSentEvents streams, Duration pace) {
        this.view = view;
        this.body = new ViewBody(view);
        this.snapshots = snapshots;
        this.streams = streams;
        this.pace = pace;
    }

    /** The view now. */
    ResponseEntity<byte[]> get(HttpServletRequest request) {
        Snapshot snapshot = snapshots.newest();
        ResponseEntity<byte[]> answer =
                Answer.live(body.bytes(snapshot, body.limits(request::getParameter)));
        Condition condition = snapshot.condition();
        if (!condition.isDegraded()) {
            return answer;
        }
        // the shape is the manifest's, and clients expect it as it is
        return ResponseEntity.ok()
                .headers(answer.getHeaders())
                .header(DEGRADED, condition.asOf() == null ? "true" : condition.asOf().toString())
                .body(answer.getBody());
    }

    /** The view as it changes. */
    void stream(HttpServletRequest request, HttpServletResponse response) {
        streams.open(
                request,
                response,
                new ViewFeed(
                        body, body.limits(request::getParameter), snapshots, view.stream(), pace));
    }
}
