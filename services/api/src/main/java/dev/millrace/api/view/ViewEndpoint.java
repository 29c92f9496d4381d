package dev.millrace.api.view;

import dev.millrace.api.json.Answer;
import dev.millrace.api.sse.ServerSentEvents;
import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.ViewPlan;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.ResponseEntity;

import java.time.Duration;

/** Serves one view. */
final class ViewEndpoint {
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
        return Answer.live(body.bytes(snapshots.newest(), body.limits(request::getParameter)));
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
