package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;
import dev.millrace.pipeline.event.Event;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;

/** Conditions that are tested without the CEL runtime mean what they mean to it. */
class PlainTestTest {
    private static final String FIELDS =
            """
            kind: {type: string}, bytes: {type: integer}, price: {type: number},
            ok: {type: boolean}, at: {type: timestamp}, meta: {type: object, optional: true},
            address.city: {type: string, optional: true}, referrer: {type: string, optional: true},
            rate: {type: number, optional: true}, left: {type: integer, optional: true},
            good: {type: boolean, optional: true}
            """;
    private static final List<Event> EVENTS = events();
    private static final String[] NAMES = {
        "kind", "bytes", "price", "ok", "address.city", "referrer", "rate", "left", "good"
    };
    private static final String[] ORDERS = {"==", "!=", "<", "<=", ">", ">="};

    private static List<Event> events() {
        var stream = TestPlans.streamOf(FIELDS);
        List<Event> events = new ArrayList<>();
        for (String kind : new String[] {"view", "buy", ""}) {
            for (String numbers :
                    new String[] {
                        "\"bytes\": 0, \"price\": 0",
                        "\"bytes\": -5, \"price\": -2.5",
                        "\"bytes\": 9223372036854775807, \"price\": 2.5"
                    }) {
                for (String rest :
                        new String[] {
                            "\"ok\": true",
                            "\"ok\": false, \"address\": {\"city\": \"view\"}, \"referrer\": \"buy\","
                                    + " \"rate\": 2.5, \"left\": 0, \"good\": true",
                            "\"ok\": true, \"address\": {}, \"referrer\": \"\", \"rate\": -0.0,"
                                    + " \"left\": -5, \"good\": false"
                        }) {
                    events.add(
                            TestPlans.event(
                                    stream,
                                    "{\"kind\": \"%s\", %s, %s, \"at\": 0}"
                                            .formatted(kind, numbers, rest)));
                }
            }
        }
        return events;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind == \"view\"",
                "kind != \"view\" && bytes >= 0",
                "kind in [\"view\", \"buy\"]",
                "!(address.city == \"view\")",
                "ok || rate > 2.0",
                "rate == null",
                "left in [0, 1]",
                "price >= -2.5",
                "ok"
            })
    void isPlain(String where) {
        Condition condition = TestPlans.condition(FIELDS, where);
        assertThat(condition.isPlain()).isTrue();
        agree(condition);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind.startsWith(\"v\")",
                "kind < \"view\"",
                "bytes > 1.5",
                "\"view\" == kind",
                "good",
                "at > timestamp(0)",
                "has(meta.a)",
                "meta.a == 1",
                "bytes + 1 == 2",
                "ok ? true : false",
                "true"
            })
    void isLeftToTheRuntime(String where) {
        Condition condition = TestPlans.condition(FIELDS, where);
        assertThat(condition.isPlain()).isFalse();
        agree(condition);
    }

    @Test
    void randomConditions() {
        Random random = new Random(5);
        int plain = 0;
        for (int i = 0; i < 150; i++) {
            Condition condition = TestPlans.condition(FIELDS, expression(random, 3));
            plain += condition.isPlain() ? 1 : 0;
            agree(condition);
        }
        assertThat(plain).isGreaterThan(110);
    }

    private static void agree(Condition condition) {
        for (Event event : EVENTS) {
            assertThat(condition.test(event))
                    .as("%s of %s", condition, EVENTS.indexOf(event))
                    .isEqualTo(condition.evaluate(event));
        }
    }

    private static String expression(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 5 : 2)) {
            case 0, 1 -> comparison(random);
            case 2 -> "!(" + expression(random, depth - 1) + ")";
            case 3 ->
                    "("
                            + expression(random, depth - 1)
                            + " && "
                            + expression(random, depth - 1)
                            + ")";
            default ->
                    "("
                            + expression(random, depth - 1)
                            + " || "
                            + expression(random, depth - 1)
                            + ")";
        };
    }

    private static String comparison(Random random) {
        String name = NAMES[random.nextInt(NAMES.length)];
        if (name.equals("ok") && random.nextBoolean()) {
            return name;
        }
        if (List.of("referrer", "rate", "left", "good", "address.city").contains(name)
                && random.nextInt(4) == 0) {
            return name + (random.nextBoolean() ? " == null" : " != null");
        }
        if (random.nextInt(4) == 0) {
            var list = new StringJoiner(", ", name + " in [", "]");
            list.add(literal(name, random)).add(literal(name, random));
            return list.toString();
        }
        boolean ordered = List.of("bytes", "price", "rate", "left").contains(name);
        String order = ORDERS[random.nextInt(ordered ? ORDERS.length : 2)];
        return name + " " + order + " " + literal(name, random);
    }

    private static String literal(String name, Random random) {
        return switch (name) {
            case "bytes", "left" -> List.of("0", "-5", "7").get(random.nextInt(3));
            case "price", "rate" -> List.of("0.0", "-0.0", "2.5", "-2.5").get(random.nextInt(4));
            case "ok", "good" -> random.nextBoolean() ? "true" : "false";
            default -> List.of("\"view\"", "\"buy\"", "\"\"").get(random.nextInt(3));
        };
    }
}
