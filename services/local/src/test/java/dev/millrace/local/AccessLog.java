package dev.millrace.local;

import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A web log of May 2015 that nobody wrote, out of order by up to a minute, and rubbish for it. */
final class AccessLog {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Instant BEGIN = Instant.parse("2015-05-17T10:05:00Z");
    private static final Instant END = Instant.parse("2015-05-20T21:05:59Z");
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 304, 301, 404, 404, 500};
    private static final List<String> NASTY =
            List.of(
                    "",
                    " ",
                    "/ü/日本語/🎉?q=ä&x=1",
                    "/%00/..%2f..%2fetc/passwd",
                    "/\"quoted\"\\back\\slash",
                    "/tab\tand\nnewline\r",
                    "/\u0001\u0018\u001b\u001f\u007f",
                    "/nul\u0000byte",
                    "/e\u0301-or-\u00e9",
                    "/\u202eright-to-left",
                    "/\uffff\ufeff",
                    "null",
                    "__proto__",
                    "/$where:{a.b}",
                    "/:202005",
                    "/long/" + "x".repeat(8_000));

    private AccessLog() {}

    /** A request, with its time in whole seconds. */
    record Request(
            Instant time,
            String ip,
            String method,
            String path,
            int status,
            long bytes,
            String referrer,
            String agent) {
        /** As a line of a log; the time is written in different ways. */
        byte[] line(int variant) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(
                    "time",
                    switch (variant % 10) {
                        case 0 -> time.atOffset(ZoneOffset.ofHours(2)).toString();
                        case 1 -> time.getEpochSecond();
                        case 2 -> time.toString().replace('T', ' ');
                        default -> time.toString();
                    });
            fields.put("ip", ip);
            fields.put("method", method);
            fields.put("path", path);
            fields.put("status", status);
            fields.put("bytes", bytes);
            if (variant % 3 > 0) {
                fields.put("referrer", referrer);
            }
            fields.put("agent", agent);
            if (variant % 50 == 7) {
                fields.put("_id", "mine");
                fields.put("doc_type", "failed");
                fields.put("$x", Map.of("a.b", List.of(1, Map.of("", 2))));
            }
            return JSON.writeValueAsBytes(fields);
        }
    }

    /** Requests in the order in which they arrive; the same for the same seed. */
    static List<Request> requests(int count, long seed) {
        Random random = new Random(seed);
        long span = Duration.between(BEGIN, END).toSeconds();
        List<Request> requests = new ArrayList<>();
        Map<Request, Long> arrivals = new HashMap<>();
        while (requests.size() < count) {
            // A third of them within the last two hours, so that short windows hold many too.
            long second =
                    random.nextInt(3) == 0
                            ? span - random.nextInt(7_200)
                            : random.nextLong(span + 1);
            Request request =
                    new Request(
                            BEGIN.plusSeconds(second),
                            "10.0.%d.%d"
                                    .formatted(
                                            random.nextInt(3),
                                            (int) Math.abs(random.nextGaussian() * 60)),
                            random.nextInt(20) == 0 ? "POST" : "GET",
                            path(random),
                            STATUSES[random.nextInt(STATUSES.length)],
                            random.nextInt(30) == 0 ? 0 : random.nextLong(3_000_000_000L),
                            random.nextBoolean() ? null : "http://example.org/" + random.nextInt(9),
                            random.nextInt(9) == 0 ? null : "Agent/" + random.nextInt(5) + " (日)");
            if (arrivals.putIfAbsent(request, second * 1_000 + random.nextInt(60_000)) == null) {
                requests.add(request);
            }
        }
        requests.sort(Comparator.comparing(arrivals::get));
        return requests;
    }

    private static String path(Random random) {
        return random.nextInt(8) == 0
                ? NASTY.get(random.nextInt(NASTY.size()))
                : "/page/" + (int) Math.abs(random.nextGaussian() * 15);
    }

    /** Lines of which none is a request. */
    static List<byte[]> garbage() {
        String valid = text(new Request(END, "10.0.0.1", "GET", "/", 200, 1, null, null).line(3));
        List<byte[]> garbage = new ArrayList<>();
        for (String line :
                List.of(
                        "{\"time\":\"2015-05-20T",
                        "null",
                        "true",
                        "17",
                        "\"a text\"",
                        "[]",
                        "[" + valid + "]",
                        "{}",
                        "{\"ip\":\"10.0.0.1\",\"path\":\"/only\"}",
                        "not json at all",
                        "\u0000",
                        "[".repeat(100_000),
                        "{\"a\":".repeat(200) + "1" + "}".repeat(200),
                        valid + valid,
                        valid.replace("2015-", "9999-"),
                        valid.replace("2015-05-20", "2015-02-31"),
                        valid.replace("2015-05-20T21:05:59Z", "yesterday"),
                        valid.replace("200", "\"200\""),
                        valid.replace("200", "200.5"),
                        valid.replace("200", "null"),
                        valid.replace("\"bytes\":1", "\"bytes\":1e400"),
                        valid.replace("\"bytes\":1", "\"bytes\":123456789012345678901234567890"),
                        valid.replace("\"/\"", "{\"nested\":\"/\"}"),
                        valid.replace("\"/\"", "\"\\ud83d\""),
                        valid.replace("\"/\"", "\"" + "y".repeat(9_000) + "\""),
                        valid.replace("10.0.0.1", "10.0.0.1\\"))) {
            garbage.add(line.getBytes(StandardCharsets.UTF_8));
        }
        garbage.add(new byte[] {(byte) 0xff, (byte) 0xfe, '{', '}'});
        garbage.add(valid.replace("\"/\"", "\"/\u00e9\"").getBytes(StandardCharsets.ISO_8859_1));
        garbage.add(valid.getBytes(StandardCharsets.UTF_16BE));
        return garbage.stream().filter(AccessLog::isOneLine).toList();
    }

    private static boolean isOneLine(byte[] line) {
        for (byte b : line) {
            if (b == '\n') {
                throw new IllegalStateException("would be two lines: " + text(line));
            }
        }
        return true;
    }

    /** A request that was made long before the newest of the same address. */
    static Request late(List<Request> requests) {
        Request newest = requests.getLast();
        return new Request(
                newest.time().minus(8, ChronoUnit.DAYS),
                newest.ip(),
                "GET",
                "/late",
                200,
                1,
                null,
                null);
    }

    /** Writes lines, with blank ones between, some ended by CR LF, and the last one by nothing. */
    static void write(Path file, List<byte[]> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < lines.size(); i++) {
            bytes.writeBytes(lines.get(i));
            if (i < lines.size() - 1) {
                bytes.writeBytes(
                        (i % 7 == 0 ? "\r\n" : i % 11 == 0 ? "\n\n \t\n" : "\n").getBytes());
            }
        }
        Files.write(file, bytes.toByteArray());
    }

    static String text(byte[] line) {
        return new String(line, StandardCharsets.UTF_8);
    }
}
