package dev.millrace.api.versions;

import com.mongodb.MongoException;

import dev.millrace.api.json.Answer;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.problem.ApiProblem;
import dev.millrace.api.rest.IntegerParameter;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.state.Row;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import tools.jackson.databind.json.JsonMapper;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All versions of a row of latest. */
@RestController
public final class VersionController {
    private static final Logger log = LoggerFactory.getLogger(VersionController.class);
    private static final IntegerParameter LIMIT = new IntegerParameter("limit", 1, 1_000, 100);
    private static final IntegerParameter OFFSET = new IntegerParameter("offset", 0, 1_000_000, 0);

    private final Plan plan;
    private final RecordedVersions versions;

    /** A controller of one plan's rows. */
    public VersionController(Plan plan, RecordedVersions versions) {
        this.plan = plan;
        this.versions = versions;
    }

    /** The versions of one row, newest first, with the events that made them. */
    @GetMapping("/api/v1/metrics/{name}/versions")
    public ResponseEntity<byte[]> versions(
            @PathVariable("name") String name,
            @RequestParam(name = "key", required = false) String key,
            @RequestParam(name = "limit", required = false) String limit,
            @RequestParam(name = "offset", required = false) String offset) {
        MeasurePlan metric = metric(name);
        if (key == null) {
            throw ApiProblem.badParameter(
                    "key",
                    "",
                    "the key of a row, such as one of /api/v1/metrics/" + name + "/rows");
        }
        int most = (int) LIMIT.parse(limit);
        int skipped = (int) OFFSET.parse(offset);
        versions.obstacle(metric)
                .ifPresent(
                        reason -> {
                            throw ApiProblem.noVersions(name, reason);
                        });
        List<Version> found;
        try {
            found = versions.find(metric, key, skipped, most + 1);
        } catch (MongoException e) {
            log.warn("Versions cannot be read: {}", e.getMessage());
            log.debug("Versions cannot be read", e);
            throw ApiProblem.unavailable(
                    "Versions are in Mongo, which does not answer now; rows as they are now are at"
                            + " /api/v1/metrics/%s/rows.".formatted(name));
        }
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("metric", name);
        shape.put("key", key);
        shape.put("more", found.size() > most);
        shape.put(
                "versions",
                found.stream().limit(most).map(version -> shape(version, metric)).toList());
        return Answer.live(shape);
    }

    private static Map<String, Object> shape(Version version, MeasurePlan metric) {
        Row row = version.row();
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("id", version.id());
        shape.put("at", Shapes.time(version.time()));
        shape.put("value", row == null ? null : row.value());
        shape.put("since", row == null ? null : Shapes.time(row.begin()));
        if (metric.latest().isLocated()) {
            shape.put("position", row == null ? null : Shapes.position(row));
        }
        shape.put("event", JsonMapper.shared().readTree(version.event()));
        return shape;
    }

    private MeasurePlan metric(String name) {
        MetricPlan metric =
                plan.metric(name).orElseThrow(() -> ApiProblem.unknownMetric(name, plan));
        if (metric instanceof MeasurePlan measure && measure.latest() != null) {
            return measure;
        }
        throw ApiProblem.noRows(name, plan);
    }
}
