package dev.millrace.local;

import dev.millrace.local.AccessLog.Request;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The web log's numbers over a span of time, counted one request after the other. */
final class AccessCount {
    /**
     * The span that a window is at a time: whole minutes or hours, of which the last holds now.
     *
     * @param from inclusive; {@code null} for the beginning of time
     * @param to exclusive; {@code null} for its end
     */
    record Span(Instant from, Instant to) {
        static Span of(String window, Instant now) {
            return switch (window) {
                case "1h" ->
                        ending(
                                now.truncatedTo(ChronoUnit.MINUTES).plusSeconds(60),
                                Duration.ofHours(1));
                case "1d" ->
                        ending(
                                now.truncatedTo(ChronoUnit.HOURS).plusSeconds(3_600),
                                Duration.ofDays(1));
                case "all" -> new Span(null, null);
                default -> throw new IllegalArgumentException(window);
            };
        }

        private static Span ending(Instant to, Duration length) {
            return new Span(to.minus(length), to);
        }

        Span before() {
            return new Span(from.minus(Duration.between(from, to)), from);
        }

        boolean holds(Instant time) {
            return from == null || !time.isBefore(from) && time.isBefore(to);
        }
    }

    private final Map<String, Long> byPath = new HashMap<>();
    private final Map<String, Long> byStatus = new HashMap<>();
    private final Set<String> visitors = new HashSet<>();
    private long hits;
    private long bytes;

    AccessCount(List<Request> requests, Span span) {
        for (Request request : requests) {
            if (span.holds(request.time())) {
                hits++;
                bytes += request.bytes();
                visitors.add(request.ip());
                byPath.merge(request.path(), 1L, Long::sum);
                byStatus.merge(Integer.toString(request.status()), 1L, Long::sum);
            }
        }
    }

    long value(String metric) {
        return switch (metric) {
            case "hits", "hits_by_path", "hits_by_status" -> hits;
            case "visitors" -> visitors.size();
            case "bytes_served" -> bytes;
            default -> throw new IllegalArgumentException(metric);
        };
    }

    Map<String, Long> groups(String metric) {
        return switch (metric) {
            case "hits_by_path" -> byPath;
            case "hits_by_status" -> byStatus;
            default -> throw new IllegalArgumentException(metric);
        };
    }
}
