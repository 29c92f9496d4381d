package dev.millrace.local;

import dev.millrace.local.AccessLog.Request;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The lines of a web log that tests send, and what is known about them. */
record SentLog(
        List<Request> requests, List<byte[]> valid, List<byte[]> invalid, List<byte[]> lines) {
    private static final int REQUESTS = 3_000;

    /** The same log each time; the last of its lines is late. */
    static SentLog make() {
        List<Request> requests = AccessLog.requests(REQUESTS, 20150517);
        List<byte[]> valid =
                IntStream.range(0, requests.size()).mapToObj(i -> requests.get(i).line(i)).toList();
        List<byte[]> invalid = new ArrayList<>(AccessLog.garbage());
        List<byte[]> lines = new ArrayList<>(valid);
        Random random = new Random(7);
        invalid.forEach(line -> lines.add(random.nextInt(lines.size()), line));
        byte[] late = AccessLog.late(requests).line(3);
        invalid.add(late);
        lines.add(late);
        return new SentLog(requests, valid, invalid, lines);
    }

    /** Sends it to the one pipeline that runs, and waits until it is counted. */
    Commands.Result send(Path folder, PipelineProcess pipeline)
            throws IOException, InterruptedException {
        Path log = folder.resolve("access log.ndjson");
        AccessLog.write(log, lines);
        Commands.Result sent = Commands.run(folder, "send", log.toString());
        pipeline.awaitStatus(status -> PipelineProcess.events(status) >= lines.size());
        return sent;
    }

    /** The time of the newest request. */
    Instant newest() {
        return requests.stream().map(Request::time).max(Comparator.naturalOrder()).orElseThrow();
    }
}
