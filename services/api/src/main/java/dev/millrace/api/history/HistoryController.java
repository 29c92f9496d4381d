package dev.millrace.api.history;

import com.mongodb.MongoException;

import dev.millrace.api.json.Answer;
import dev.millrace.api.problem.ApiProblem;
import dev.millrace.api.rest.IntegerParameter;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.Clock;
import dev.millrace.pipeline.state.GroupKey;

import jakarta.servlet.http.HttpServletRequest;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.CacheControl;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Metrics over the past. */
@RestController
public final class HistoryController {
    private static final Logger log = LoggerFactory.getLogger(HistoryController.class);
    private static final IntegerParameter LIMIT = new IntegerParameter("limit", 1, 1_000, 10);
    private static final MediaType CSV = new MediaType("text", "csv", StandardCharsets.UTF_8);

    private final Plan plan;
    private final History history;

    /** A controller of one plan's history. */
    public HistoryController(Plan plan, History history) {
        this.plan = plan;
        this.history = history;
    }

    /** The steps that a metric's history has, shortest first: empty where it has none. */
    public static List<String> steps(MetricPlan metric, Plan plan) {
        return HistoryRange.steps(metric, plan).stream().map(HistoryStep::name).toList();
    }

    /** A metric by minutes, hours or days. */
    @GetMapping("/api/v1/metrics/{name}/history")
    public ResponseEntity<byte[]> history(
            @PathVariable("name") String name,
            @RequestParam(name = "from", required = false) String from,
            @RequestParam(name = "to", required = false) String to,
            @RequestParam(name = "step", required = false) String step,
            @RequestParam(name = "limit", required = false) String limit,
            @RequestParam(name = "format", required = false) String format,
            HttpServletRequest request) {
        MetricPlan metric =
                plan.metric(name).orElseThrow(() -> ApiProblem.unknownMetric(name, plan));
        boolean csv = isCsv(format, request.getHeader(HttpHeaders.ACCEPT));
        int most = (int) LIMIT.parse(limit);
        String group = group(metric, request.getParameterValues("group"));
        HistoryAnswer answer;
        try {
            history.obstacle()
                    .ifPresent(
                            reason -> {
                                throw ApiProblem.noHistory(reason);
                            });
            History.State state =
                    HistoryRange.steps(metric, plan).isEmpty()
                            ? null
                            : history.state().orElse(null);
            HistoryRange range = HistoryRange.parse(metric, plan, from, to, step, clock(state));
            answer = HistoryAnswer.find(history, plan, metric, range, group, most, state);
        } catch (MongoException e) {
            log.warn("History cannot be read: {}", e.getMessage());
            log.debug("History cannot be read", e);
            throw ApiProblem.unavailable(
                    "History is in Mongo, which does not answer now; live numbers are at /api/v1/metrics/%s."
                            .formatted(name));
        }
        if (!csv) {
            return Answer.live(answer.shape());
        }
        String file = name + "-" + HistoryStep.name(answer.range().step()) + ".csv";
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(CSV)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment().filename(file).build().toString())
                .body(answer.csv().getBytes(StandardCharsets.UTF_8));
    }

    /** Where ranges end by default: the present, or of a replay the time that it has come to. */
    private long clock(History.State state) {
        return plan.clock() == Clock.wall || state == null || state.clock() == 0
                ? System.currentTimeMillis()
                : state.clock();
    }

    private static boolean isCsv(String format, String accept) {
        if (format == null) {
            return accept != null && accept.contains("text/csv");
        }
        return switch (format) {
            case "csv" -> true;
            case "json" -> false;
            default -> throw ApiProblem.badParameter("format", format, "json or csv");
        };
    }

    /** The name in Redis of the group that is asked for; {@code null}: none is. */
    private static String group(MetricPlan metric, String[] given) {
        if (given == null) {
            return null;
        }
        int fields = metric instanceof MeasurePlan measure ? measure.by().size() : 0;
        String shown = String.join(", ", given);
        if (fields == 0) {
            throw ApiProblem.badParameter(
                    "group", shown, "nothing, for \"" + metric.name() + "\" has no groups");
        }
        if (given.length != fields) {
            throw ApiProblem.badParameter(
                    "group",
                    shown,
                    "it %s, once for each of: %s"
                            .formatted(
                                    fields == 1 ? "once" : fields + " times",
                                    ((MeasurePlan) metric)
                                            .by().stream()
                                                    .map(field -> field.name())
                                                    .collect(Collectors.joining(", "))));
        }
        List<String> parts =
                Arrays.stream(given).map(value -> value.equals(MISSING) ? null : value).toList();
        return parts.stream().map(GroupKey::of).collect(Collectors.joining("\u001f"));
    }

    /** Stands for events in which an optional field was missing. */
    private static final String MISSING = "\u0018";
}
