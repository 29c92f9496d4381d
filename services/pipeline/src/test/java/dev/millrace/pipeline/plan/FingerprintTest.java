package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashSet;
import java.util.Set;

/** State is kept as long as its numbers mean the same, and not a change longer. */
class FingerprintTest {
    private static final String SPEC =
            """
              clock: wall
              streams:
                - name: events
                  fields:
                    at: {type: timestamp}
                    kind: {type: string, enum: [view, buy]}
                    user: {type: string}
                    amount: {type: integer}
                    items: {type: array, items: {a: {type: string}, b: {type: integer}}}
                  time: at
                  key: user
                  lateness: 2m
                  topic: {name: events, partitions: 6, retention: 24h}
                  generator: {rate: "5"}
                - {name: others, fields: {user: {type: string}, lon: {type: number}, lat: {type: number}}}
              metrics:
                - {name: views, title: Views, from: events, measure: count, by: "kind,user", windows: [5m, 1h], where: 'kind == "view"', limit: 10, unit: things}
                - {name: spent, from: events, measure: sum, of: amount, window: 1h}
                - {name: share, formula: 'spent / spent'}
                - {name: users, from: others, measure: latest, key: 'user', position: [lon, lat], cells: h3/8, fences: {here: 'POLYGON((0 0, 1 0, 1 1, 0 0))'}}
              views: [{path: /stats, body: {a: {metric: views}}}]
              audit: {flush: 5s}
              dashboard: {title: Test}
            """;

    private static String fingerprint(String spec) {
        return TestPlans.plan(spec).fingerprint();
    }

    @Test
    void isTheSameForTheSameManifest() {
        assertThat(fingerprint(SPEC)).isEqualTo(fingerprint(SPEC)).matches("[0-9a-f]{16}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: Views | title: Other",
                "limit: 10 | limit: 20",
                "unit: things | unit: bytes",
                "metric: views | each: views, as: {k: key}",
                "path: /stats | path: /other",
                "title: Test | title: Other",
                "flush: 5s | flush: 9s",
                "rate: \"5\" | rate: \"9\"",
                "partitions: 6 | partitions: 12",
                "retention: 24h | retention: 48h",
                "key: user | key: kind",
                "spent / spent | spent / 2.0",
                "windows: [5m, 1h] | windows: [1h, 5m]",
                "enum: [view, buy] | enum: [buy, view]",
                "{a: {type: string}, b: {type: integer}} | {b: {type: integer}, a: {type: string}}",
                "1 1, 0 0 | 1 2, 0 0",
                "cells: h3/8, | cells: h3/9,",
                "name: share, | name: quota,"
            })
    void staysTheSameWhen(String from, String to) {
        assertThat(SPEC).contains(from);
        assertThat(fingerprint(SPEC.replace(from, to))).isEqualTo(fingerprint(SPEC));
    }

    @Test
    void staysTheSameInAnotherOrder() {
        String[] lines = SPEC.split("\n");
        String swapped =
                SPEC.replace(lines[4], "@").replace(lines[6], lines[4]).replace("@", lines[6]);
        assertThat(swapped).isNotEqualTo(SPEC);
        assertThat(fingerprint(swapped)).isEqualTo(fingerprint(SPEC));
        String metrics =
                SPEC.substring(
                        SPEC.indexOf("    - {name: views"), SPEC.indexOf("    - {name: share"));
        String[] two = metrics.split("\n");
        assertThat(fingerprint(SPEC.replace(metrics, two[1] + "\n" + two[0] + "\n")))
                .isEqualTo(fingerprint(SPEC));
    }

    @Test
    void differsForEveryChangeOfWhatIsMeasured() {
        String[][] changes = {
            {"clock: wall", "clock: event"},
            {
                "kind: {type: string, enum: [view, buy]}",
                "kind: {type: string, enum: [view, buy, x]}"
            },
            {"kind: {type: string, enum: [view, buy]}", "kind: {type: string}"},
            {"user: {type: string}\n", "user: {type: string, optional: true}\n"},
            {"amount: {type: integer}", "amount: {type: number}"},
            {"amount: {type: integer}", "amount: {type: integer}\n        more: {type: string}"},
            {"      time: at\n", ""},
            {"lateness: 2m", "lateness: 3m"},
            {"topic: {name: events,", "topic: {name: elsewhere,"},
            {"b: {type: integer}}}", "b: {type: number}}}"},
            {"name: views, title", "name: seen, title", "metric: views", "metric: seen"},
            {"from: events, measure: sum", "from: events, measure: average"},
            {
                "from: events, measure: count, by: \"kind,user\"",
                "from: others, measure: count, by: user",
                ", where: 'kind == \"view\"'",
                ""
            },
            {"measure: sum, of: amount", "measure: unique, of: user"},
            {"measure: sum, of: amount", "measure: unique, of: kind"},
            {"measure: sum, of: amount", "measure: unique, approximate: true, of: kind"},
            {"by: \"kind,user\"", "by: kind"},
            {"by: \"kind,user\"", "by: \"user,kind\""},
            {"where: 'kind == \"view\"'", "where: 'kind == \"buy\"'"},
            {", where: 'kind == \"view\"'", ""},
            {"windows: [5m, 1h]", "windows: [5m]"},
            {"windows: [5m, 1h]", "windows: [5m, 1h, all]"},
        };
        // each differs from the first, and from one another
        Set<String> seen = new HashSet<>(Set.of(fingerprint(SPEC)));
        for (String[] change : changes) {
            String changed = SPEC;
            for (int i = 0; i < change.length; i += 2) {
                assertThat(SPEC).contains(change[i]);
                changed = changed.replace(change[i], change[i + 1]);
            }
            assertThat(seen.add(fingerprint(changed)))
                    .as("%s -> %s", change[0], change[1])
                    .isTrue();
        }
    }
}
