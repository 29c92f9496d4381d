package dev.millrace.api.live;

import dev.millrace.api.ApiMeters;
import dev.millrace.api.sse.ServerSentEvents;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Every metric, live. */
@RestController
public final class LiveController {
    private final Broadcast broadcast;
    private final ServerSentEvents streams;
    private final ApiMeters meters;

    /** A controller of one broadcast. */
    public LiveController(Broadcast broadcast, ServerSentEvents streams, ApiMeters meters) {
        this.broadcast = broadcast;
        this.streams = streams;
        this.meters = meters;
    }

    /**
     * A snapshot and then updates, or only updates for a client that comes back. Browsers send the
     * header by themselves when they reconnect; the parameter is for a connection made anew.
     */
    @GetMapping("/api/v1/stream")
    public void stream(HttpServletRequest request, HttpServletResponse response) {
        String last = request.getHeader("Last-Event-ID");
        streams.open(
                request,
                response,
                new LiveFeed(
                        broadcast,
                        meters,
                        last == null ? request.getParameter("lastEventId") : last));
    }
}
