package dev.millrace.api.state;

import dev.millrace.api.window.Snapshot.DeadLetter;
import dev.millrace.api.window.Snapshot.Loss;
import dev.millrace.api.window.Snapshot.Position;
import dev.millrace.api.window.Snapshot.Totals;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads the small hashes and lists; what cannot be read is left out. */
final class StateParts {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String REJECTED = "rejected:";

    private StateParts() {}

    static Totals totals(Map<String, String> hash) {
        Map<String, Long> causes = new TreeMap<>();
        hash.forEach(
                (name, total) -> {
                    if (name.startsWith(REJECTED)) {
                        causes.put(name.substring(REJECTED.length()), Numbers.parse(total));
                    }
                });
        return new Totals(
                Numbers.parse(hash.get("valid")),
                causes.values().stream().mapToLong(Long::longValue).sum(),
                causes.getOrDefault("late", 0L),
                causes);
    }

    static List<Position> positions(Map<String, String> hash) {
        return hash.entrySet().stream()
                .map(
                        entry -> {
                            Partition partition = Partition.parse(entry.getKey());
                            String[] parts = entry.getValue().split(":", 2);
                            return partition == null
                                    ? null
                                    : new Position(
                                            partition.topic(),
                                            partition.number(),
                                            Numbers.parse(parts[0]),
                                            parts.length < 2 ? 0 : Numbers.parse(parts[1]));
                        })
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Position::topic).thenComparingInt(Position::partition))
                .toList();
    }

    static List<Loss> losses(Map<String, String> hash) {
        return hash.entrySet().stream()
                .map(
                        entry -> {
                            Partition partition = Partition.parse(entry.getKey());
                            return partition == null
                                    ? null
                                    : new Loss(
                                            partition.topic(),
                                            partition.number(),
                                            Numbers.parse(entry.getValue()));
                        })
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Loss::topic).thenComparingInt(Loss::partition))
                .toList();
    }

    static List<DeadLetter> deadLetters(List<String> letters) {
        return letters.stream().map(StateParts::deadLetter).filter(Objects::nonNull).toList();
    }

    private static DeadLetter deadLetter(String text) {
        try {
            JsonNode letter = JSON.readTree(text);
            return new DeadLetter(
                    letter.path("stream").asString(null),
                    letter.path("topic").asString(null),
                    letter.path("partition").asInt(0),
                    letter.path("offset").asLong(0),
                    letter.path("element").isInt() ? letter.path("element").asInt() : null,
                    letter.path("at").asString(null),
                    letter.path("reason").asString(null),
                    letter.path("cause").asString(null),
                    letter.path("event").asString(null));
        } catch (JacksonException _) {
            return null;
        }
    }

    private record Partition(String topic, int number) {
        static Partition parse(String text) {
            int colon = text.lastIndexOf(':');
            return colon < 0
                    ? null
                    : new Partition(
                            text.substring(0, colon),
                            (int) Numbers.parse(text.substring(colon + 1)));
        }
    }
}
