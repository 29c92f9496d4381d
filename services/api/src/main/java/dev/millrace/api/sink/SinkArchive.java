package dev.millrace.api.sink;

import dev.millrace.api.history.Archive;
import dev.millrace.api.history.Bucket;
import dev.millrace.api.history.Progress;
import dev.millrace.api.history.ProgressStore;
import dev.millrace.api.history.Rollup;
import dev.millrace.api.sink.LineProtocol.Line;
import dev.millrace.pipeline.plan.SinkPlan;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A sink as an archive that is only written: it keeps no versions, so that what must not replace
 * anything better is left out instead. For one thread.
 */
final class SinkArchive implements Archive {
    private static final Logger log = LoggerFactory.getLogger(SinkArchive.class);
    private static final int LONGEST_BATCH = 1_000_000;
    private static final int SEARCHES = 64;
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final SinkPlan sink;
    private final InfluxClient client;
    private final Supplier<ProgressStore> progress;
    private final int batch;
    private final SinkLog events;
    private String holder;
    private Duration lease;
    private long leased;
    private Progress known;
    private long warned;

    /**
     * A sink that nothing is written to yet.
     *
     * @param progress where it is noted how far it is written
     * @param batch how many points are sent at once
     */
    SinkArchive(
            SinkPlan sink,
            InfluxClient client,
            Supplier<ProgressStore> progress,
            int batch,
            SinkLog events) {
        this.sink = sink;
        this.client = client;
        this.progress = progress;
        this.batch = batch;
        this.events = events;
    }

    @Override
    public Progress acquire(String who, Instant now, Duration longest) {
        holder = who;
        lease = longest;
        known = progress.get().acquire(who, now, longest);
        leased = System.nanoTime();
        return known;
    }

    @Override
    public boolean save(String who, long epoch, Progress next) {
        boolean saved = progress.get().save(who, epoch, next);
        if (saved) {
            known = next;
        }
        return saved;
    }

    /** A sink is not read. */
    @Override
    public Map<Bucket, Rollup> read(Collection<Bucket> buckets) {
        return Map.of();
    }

    @Override
    public void write(List<Entry> entries) {
        List<Line> lines = new ArrayList<>();
        int[] length = new int[1];
        for (Entry entry : entries) {
            // the sink has what was counted before, and this may be less
            if (entry.atLeast() > 0 && known.asOf() > 0) {
                continue;
            }
            LineProtocol.points(
                    sink,
                    entry.bucket(),
                    entry.rollup(),
                    line -> {
                        lines.add(line);
                        length[0] += line.text().length() + 1;
                        if (lines.size() >= batch || length[0] >= LONGEST_BATCH) {
                            send(lines);
                            lines.clear();
                            length[0] = 0;
                        }
                    });
        }
        if (!lines.isEmpty()) {
            send(lines);
        }
    }

    private void send(List<Line> lines) {
        keepLease();
        send(List.copyOf(lines), new int[] {SEARCHES});
    }

    /** Another writer with newer numbers must not be overtaken by a request of this one. */
    private void keepLease() {
        if (System.nanoTime() - leased < lease.toNanos() / 3) {
            return;
        }
        if (progress.get().acquire(holder, Instant.now(), lease) == null) {
            throw new SinkUnavailableException(
                    "another replica has gone on with it, as this one was slow", Duration.ZERO);
        }
        leased = System.nanoTime();
    }

    /** Sends lines; where some are refused, looks for them, and leaves them out. */
    private void send(List<Line> lines, int[] searches) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.text()).append('\n'));
        Optional<String> refusal = client.write(text.toString());
        if (refusal.isEmpty()) {
            events.written(lines.size());
            return;
        }
        List<List<Line>> parts = parts(lines);
        searches[0] -= parts.size();
        if (lines.size() == 1 || searches[0] < 0) {
            refused(lines, refusal.get());
            return;
        }
        for (List<Line> part : parts) {
            keepLease();
            send(part, searches);
        }
    }

    /** By metrics, for most often it is all of one that a server does not take; or two halves. */
    private static List<List<Line>> parts(List<Line> lines) {
        Map<String, List<Line>> byMetric = new LinkedHashMap<>();
        lines.forEach(
                line -> byMetric.computeIfAbsent(line.metric(), _ -> new ArrayList<>()).add(line));
        if (byMetric.size() > 1) {
            return List.copyOf(byMetric.values());
        }
        int half = lines.size() / 2;
        return List.of(lines.subList(0, half), lines.subList(half, lines.size()));
    }

    private void refused(List<Line> lines, String reason) {
        events.refused(lines.size(), reason);
        long now = System.nanoTime();
        if (warned == 0 || now - warned > BETWEEN_WARNINGS.toNanos()) {
            warned = now;
            log.warn(
                    "Sink {}: {} points are left out, for {} {}. The first: {}",
                    sink.name(),
                    lines.size(),
                    client.target(),
                    reason,
                    lines.getFirst().text());
        }
    }
}
