package dev.millrace.api.rest;

import dev.millrace.api.history.HistoryLog;
import dev.millrace.api.json.Answer;
import dev.millrace.api.json.Shapes;
import dev.millrace.api.proof.ProofLog;
import dev.millrace.api.proof.ProofShape;
import dev.millrace.api.sink.Sinks;
import dev.millrace.api.stats.StatsLog;
import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.DeadLetter;
import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.state.StateKeys;

import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import java.util.LinkedHashMap;
import java.util.Map;

/** How far counting is, and what did not count. */
@RestController
public final class StatusController {
    private static final IntegerParameter LIMIT =
            new IntegerParameter("limit", 1, StateKeys.RECENT_DEAD_LETTERS, 20);

    private final Snapshots snapshots;
    private final ProofLog proofs;
    private final HistoryLog history;
    private final Sinks sinks;
    private final StatsLog stats;

    /** A controller that answers from snapshots, and from what was proven and kept of them. */
    public StatusController(
            Snapshots snapshots, ProofLog proofs, HistoryLog history, Sinks sinks, StatsLog stats) {
        this.snapshots = snapshots;
        this.proofs = proofs;
        this.history = history;
        this.sinks = sinks;
        this.stats = stats;
    }

    /** What the numbers are worth, totals, and positions in Kafka. */
    @GetMapping("/api/v1/status")
    public ResponseEntity<byte[]> status() {
        Snapshot snapshot = snapshots.newest();
        Map<String, Object> shape = new LinkedHashMap<>();
        Shapes.putCondition(shape, snapshot.condition());
        shape.put("now", Shapes.time(snapshot.now()));
        shape.put("totals", Shapes.totals(snapshot.totals()));
        shape.put(
                "positions",
                snapshot.positions().stream()
                        .map(
                                position ->
                                        partition(
                                                position.topic(),
                                                position.partition(),
                                                "offset",
                                                position.offset()))
                        .toList());
        shape.put(
                "losses",
                snapshot.losses().stream()
                        .map(
                                loss ->
                                        partition(
                                                loss.topic(),
                                                loss.partition(),
                                                "events",
                                                loss.events()))
                        .toList());
        shape.put("proof", ProofShape.summary(proofs.report()));
        shape.put("history", history.shape());
        shape.put("sinks", sinks.shape());
        shape.put("stats", stats.shape());
        return Answer.live(shape);
    }

    private static Map<String, Object> partition(
            String topic, int partition, String name, long value) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("topic", topic);
        shape.put("partition", partition);
        shape.put(name, value);
        return shape;
    }

    /** The newest events that failed validation. */
    @GetMapping("/api/v1/dead-letters")
    public ResponseEntity<byte[]> deadLetters(
            @RequestParam(name = "limit", required = false) String limit) {
        long most = LIMIT.parse(limit);
        Snapshot snapshot = snapshots.newest();
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("total", snapshot.totals().invalid());
        shape.put("late", snapshot.totals().late());
        shape.put("causes", snapshot.totals().causes());
        shape.put(
                "recent",
                snapshot.deadLetters().stream()
                        .limit(most)
                        .map(StatusController::deadLetter)
                        .toList());
        return Answer.live(shape);
    }

    private static Map<String, Object> deadLetter(DeadLetter letter) {
        Map<String, Object> shape = new LinkedHashMap<>();
        shape.put("stream", letter.stream());
        shape.put("topic", letter.topic());
        shape.put("partition", letter.partition());
        shape.put("offset", letter.offset());
        shape.put("element", letter.element());
        shape.put("at", letter.at());
        shape.put("reason", letter.reason());
        shape.put("cause", letter.cause());
        shape.put("event", letter.event());
        return shape;
    }
}
