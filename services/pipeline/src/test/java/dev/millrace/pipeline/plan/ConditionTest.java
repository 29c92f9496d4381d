package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.pipeline.TestPlans;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What conditions mean: of every type, with fields that are not there, and where they fail. */
class ConditionTest {
    private static final String FIELDS =
            """
            kind: {type: string, enum: [view, buy]}, bytes: {type: integer}, price: {type: number},
            ok: {type: boolean}, at: {type: timestamp}, meta: {type: object, optional: true},
            tags: {type: array, optional: true}, address.city: {type: string, optional: true},
            address.zip: {type: integer, optional: true}, referrer: {type: string, optional: true},
            rate: {type: number, optional: true}, seen: {type: timestamp, optional: true},
            good: {type: boolean, optional: true}
            """;
    private static final String FULL =
            """
            {"kind": "view", "bytes": 5, "price": 2.5, "ok": true, "at": "2026-01-31T12:00:00Z",
             "meta": {"a": {"b": 1}, "none": null, "big": 1e999}, "tags": ["x", "y", 3, null],
             "address": {"city": "Rome", "zip": 100}, "referrer": "/home", "rate": 0.5,
             "seen": "2026-01-30T00:00:00Z", "good": false}
            """;
    private static final String SPARSE =
            """
            {"kind": "buy", "bytes": -9223372036854775808, "price": 3, "ok": false, "at": 0}
            """;

    private static boolean test(String where, String json) {
        return TestPlans.condition(FIELDS, where)
                .test(TestPlans.event(TestPlans.streamOf(FIELDS), json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kind == \"view\"",
                "kind != \"buy\"",
                "kind in [\"view\", \"other\"]",
                "!(kind in [\"buy\"])",
                "kind.startsWith(\"vi\") && kind.endsWith(\"w\") && kind.contains(\"ie\")",
                "kind.matches(\"^v.*w$\")",
                "size(kind) == 4",
                "bytes == 5",
                "bytes > 3",
                "bytes > 3.5",
                "bytes % 2 == 1",
                "bytes in [1, 5]",
                "price > 2",
                "price > 2.0",
                "price == 2.5",
                "price * 2.0 == 5.0",
                "double(bytes) * price == 12.5",
                "price < bytes",
                "ok",
                "ok == true",
                "!good",
                "at > timestamp(\"2026-01-31T11:59:59Z\")",
                "at - seen == duration(\"36h\")",
                "at.getHours() == 12",
                "address.city == \"Rome\"",
                "address.zip == 100",
                "address.city != null && address.city.size() == 4",
                "referrer.startsWith(\"/\")",
                "rate > 0.4",
                "rate != null",
                "meta.a.b == 1",
                "has(meta.a)",
                "has(meta.a.b)",
                "!has(meta.b)",
                "meta.none == null",
                "tags[3] == null",
                "tags.exists_one(t, t == null)",
                "meta.big > 1.0",
                "\"x\" in tags",
                "3 in tags",
                "tags.exists(t, t == \"y\")",
                "tags[0] == \"x\"",
                "size(tags) == 4",
                "true || meta.nothing == 1",
                "true",
                "ok ? bytes == 5 : false"
            })
    void isTrueOfTheFullEvent(String where) {
        assertThat(test(where, FULL)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "address.city == \"Rome\"",
                "address.city.startsWith(\"R\")",
                "address.zip > 0",
                "address.zip < 0",
                "referrer != null",
                "size(referrer) >= 0",
                "rate > 0.0 || rate <= 0.0",
                "seen < at",
                "good",
                "!good",
                "meta.a.b == 1",
                "has(meta.a)",
                "\"x\" in tags",
                "size(tags) >= 0",
                "tags.all(t, t == 1)",
                "bytes - 1 < 0",
                "bytes / 0 == 0",
                "bytes % 0 == 0",
                "-bytes > 0",
                "at == timestamp(\"nonsense\")",
                "int(kind) == 1",
                "double(kind) == 1.0",
                "kind.matches(\"[\")",
                "kind == \"view\" && true",
                "false"
            })
    void isNotTrueOfTheSparseEvent(String where) {
        assertThat(test(where, SPARSE)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "address.city == null",
                "referrer == null",
                "rate == null",
                "seen == null",
                "good == null",
                "referrer == null || referrer == \"/home\"",
                "price == 3.0",
                "price > 2",
                "at == timestamp(0)",
                "bytes < 0"
            })
    void isTrueOfTheSparseEvent(String where) {
        assertThat(test(where, SPARSE)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "meta.none == 1",
                "meta.a == {\"b\": 1}",
                "meta.a.b.c.d == 1",
                "tags[9] == \"x\"",
                "tags[-1] == \"x\"",
                "tags == [\"x\", \"y\", 3, null]",
                "tags.map(t, t).size() == 4",
                "tags.filter(t, t == 3).size() == 1",
                "string(at) == \"\"",
                "meta[kind] == 1",
                "dyn(kind) == 3",
                "dyn(bytes) == \"5\"",
                "type(kind) == string",
                "kind.matches(\"(((((a*)*)*)*)*)*b\")"
            })
    void nothingIsThrown(String where) {
        assertThat(test(where, FULL)).isIn(true, false);
        assertThat(test(where, SPARSE)).isIn(true, false);
    }

    /** Names that CEL has functions or types of, too. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "type",
                "int",
                "uint",
                "string",
                "bool",
                "bytes",
                "double",
                "timestamp",
                "duration",
                "size",
                "has",
                "list",
                "map",
                "dyn",
                "null_type",
                "matches",
                "google",
                "and",
                "e1",
                "_x",
                "X"
            })
    void aFieldMayBeCalled(String name) {
        String fields = "\"" + name + "\": {type: string}";
        Condition condition = TestPlans.condition(fields, name + " == \"x\"");
        assertThat(
                        condition.test(
                                TestPlans.event(
                                        TestPlans.streamOf(fields), "{\"" + name + "\": \"x\"}")))
                .isTrue();
    }

    @Test
    void aLongListIsNotSearchedForEver() {
        String fields = "l: {type: array}";
        Condition condition =
                TestPlans.condition(fields, "l.all(a, l.all(b, l.all(c, a + b + c >= 0)))");
        String list = "0,".repeat(5_000) + "0";
        long start = System.nanoTime();
        assertThat(
                        condition.test(
                                TestPlans.event(
                                        TestPlans.streamOf(fields), "{\"l\": [" + list + "]}")))
                .isFalse();
        // all of it would take hours
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void manyThreadsShareOne() throws Exception {
        Condition condition = TestPlans.condition("num: {type: integer}", "num % 2 == 0");
        StreamPlan stream = TestPlans.streamOf("num: {type: integer}");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> answers =
                    IntStream.range(0, 400)
                            .mapToObj(
                                    i ->
                                            threads.submit(
                                                    () ->
                                                            condition.test(
                                                                    TestPlans.event(
                                                                            stream,
                                                                            "{\"num\":"
                                                                                    + i
                                                                                    + "}"))))
                            .toList();
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).as("of %d", i).isEqualTo(i % 2 == 0);
            }
        }
    }
}
