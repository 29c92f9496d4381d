package dev.millrace.producer.collect;

import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.StreamPlan;
import dev.millrace.pipeline.plan.Suggestion;
import dev.millrace.producer.ProducerMeters;
import dev.millrace.producer.ProducerSettings;
import dev.millrace.producer.send.Encodings;
import dev.millrace.producer.send.EventSender;
import dev.millrace.producer.send.TopicWait;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Takes events over HTTP. It answers 202 only after Kafka has acknowledged all of them, and keeps
 * every event that it can tell apart, also those that are not valid: they become dead letters.
 *
 * <p>A body is JSON (one event, or an array), lines of JSON, or CloudEvents; gzip is welcome. What
 * cannot be split, is too large or too much is refused as a whole, with nothing written: 400, 404,
 * 408, 413, 415, 429. Where Kafka does not acknowledge, the answer is 503 and says how many events
 * were written. All of these are problems as in RFC 9457.
 */
@RestController
public class CollectorController {
    /** RFC 9457: a problem that its status tells apart, as its title does. */
    private static final URI BLANK = URI.create("about:blank");

    private final Map<String, Collector> collectors = new LinkedHashMap<>();
    private final Plan plan;
    private final RequestBody bodies;
    private final EventSplitter splitter;
    private final Budget budget;
    private final TopicWait topics;
    private final ProducerMeters meters;

    /** The collector of all source streams of a plan. */
    public CollectorController(
            Plan plan,
            ProducerSettings settings,
            EventSender sender,
            TopicWait topics,
            Encodings encodings,
            Budget budget,
            ProducerMeters meters) {
        this.plan = plan;
        for (StreamPlan stream : plan.sources()) {
            collectors.put(
                    stream.name(),
                    new Collector(
                            stream,
                            encodings.of(stream),
                            sender,
                            meters,
                            settings.deliveryTimeout()));
        }
        this.bodies = new RequestBody((int) settings.maxBody().toBytes(), settings.readTimeout());
        this.splitter = new EventSplitter(settings.maxEvents());
        this.budget = budget;
        this.topics = topics;
        this.meters = meters;
    }

    /** Takes events of the pipeline's only source stream. */
    @PostMapping("/api/v1/events")
    ResponseEntity<Receipt> collect(HttpServletRequest request) throws InterruptedException {
        if (collectors.size() != 1) {
            throw RefusedException.of(
                    HttpStatus.NOT_FOUND,
                    "This pipeline has "
                            + collectors.size()
                            + " streams that take events; post to "
                            + collectors.keySet().stream()
                                    .map(CollectorController::path)
                                    .collect(Collectors.joining(" or "))
                            + ".");
        }
        return collect(collectors.values().iterator().next(), request);
    }

    /** Takes events of one stream. */
    @PostMapping("/api/v1/streams/{stream}/events")
    ResponseEntity<Receipt> collect(@PathVariable String stream, HttpServletRequest request)
            throws InterruptedException {
        Collector collector = collectors.get(stream);
        if (collector == null) {
            throw RefusedException.of(HttpStatus.NOT_FOUND, unknown(stream));
        }
        return collect(collector, request);
    }

    private ResponseEntity<Receipt> collect(Collector collector, HttpServletRequest request)
            throws InterruptedException {
        topics.obstacle()
                .ifPresent(
                        reason -> {
                            throw RefusedException.unavailable(
                                    "Events cannot be taken yet: "
                                            + reason
                                            + ". Nothing was written; send the request again after"
                                            + " the time in Retry-After.",
                                    0,
                                    0);
                        });
        BodyFormat format = BodyFormat.of(request);
        if (format == BodyFormat.cloudEventData) {
            CloudEvents.check(
                    request.getHeader("ce-specversion"),
                    request.getHeader("ce-id"),
                    request.getHeader("ce-source"),
                    request.getHeader("ce-type"));
        }
        try (Budget.Share share = budget.share()) {
            byte[] body = bodies.read(request, share);
            return answer(HttpStatus.ACCEPTED)
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(collector.collect(splitter.split(body, format)));
        }
    }

    private String unknown(String name) {
        return plan.stream(name)
                .map(
                        derived ->
                                "The stream \""
                                        + name
                                        + "\" is made from \""
                                        + derived.from()
                                        + "\"; post to "
                                        + List.copyOf(collectors.keySet()).stream()
                                                .map(CollectorController::path)
                                                .collect(Collectors.joining(" or "))
                                        + ".")
                .orElseGet(
                        () ->
                                "There is no stream \""
                                        + name
                                        + '"'
                                        + Suggestion.of(name, collectors.keySet()));
    }

    private static String path(String stream) {
        return "/api/v1/streams/" + stream + "/events";
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refuse(RefusedException refused) {
        meters.refused(refused.status().value());
        ProblemDetail problem = ProblemDetail.forStatus(refused.status());
        problem.setType(BLANK);
        problem.setDetail(refused.getMessage());
        refused.facts().forEach(problem::setProperty);
        ResponseEntity.BodyBuilder answer = answer(refused.status());
        if (refused.retryAfter() != null) {
            answer.header(HttpHeaders.RETRY_AFTER, Long.toString(refused.retryAfter().toSeconds()));
        }
        if (refused.status() == HttpStatus.UNSUPPORTED_MEDIA_TYPE) {
            answer.header(HttpHeaders.ACCEPT_ENCODING, "gzip");
        }
        return answer.contentType(MediaType.APPLICATION_PROBLEM_JSON).body(problem);
    }

    /** Types are declared in advance, so that no Accept header can refuse what was written. */
    private static ResponseEntity.BodyBuilder answer(HttpStatus status) {
        return ResponseEntity.status(status)
                .cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff");
    }
}
