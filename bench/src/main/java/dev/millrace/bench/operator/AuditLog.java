package dev.millrace.bench.operator;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What the API server was asked, by its own account, read as it grows. */
final class AuditLog {
    private static final Set<String> WRITES =
            Set.of("create", "update", "patch", "delete", "deletecollection");

    /**
     * Something that the operator asked.
     *
     * @param at when it was answered
     * @param resource such as {@code deployments}; with a slash and the part of it, where it is one
     * @param code of the answer
     */
    record Request(Instant at, String verb, String resource, String uri, int code) {
        boolean isWrite() {
            // questions about one's own rights are "created", and kept nowhere
            return WRITES.contains(verb) && !resource.startsWith("selfsubject");
        }

        boolean isMade() {
            return isWrite() && code == 201 && !isEvent() && !isLease();
        }

        boolean isEvent() {
            return resource.equals("events");
        }

        boolean isLease() {
            return resource.equals("leases");
        }

        boolean isStatus() {
            return isWrite() && resource.endsWith("/status");
        }

        boolean isRefused() {
            return isWrite() && code >= 400;
        }

        /** Of an object that was there. */
        boolean isRewrite() {
            return isWrite() && code < 400 && !isMade() && !isEvent() && !isLease() && !isStatus();
        }
    }

    private final Path file;
    private final List<Request> requests = new ArrayList<>();
    private long read;

    AuditLog(Path file) {
        this.file = file;
    }

    /** All requests of the operator so far. */
    List<Request> requests() throws IOException {
        try (var input = new RandomAccessFile(file.toFile(), "r")) {
            byte[] added = new byte[(int) (input.length() - read)];
            input.seek(read);
            input.readFully(added);
            int end = added.length;
            while (end > 0 && added[end - 1] != '\n') {
                end--;
            }
            read += end;
            new String(added, 0, end, StandardCharsets.UTF_8).lines().forEach(this::take);
        }
        return requests;
    }

    /** Those since there were a number of them. */
    List<Request> since(int number) throws IOException {
        List<Request> all = requests();
        return List.copyOf(all.subList(number, all.size()));
    }

    private void take(String line) {
        JsonNode event = JsonMapper.shared().readTree(line);
        if (!event.at("/user/username").asString().equals(ApiServer.OPERATOR)) {
            return;
        }
        JsonNode object = event.path("objectRef");
        String part = object.path("subresource").asString("");
        requests.add(
                new Request(
                        Instant.parse(event.path("stageTimestamp").asString()),
                        event.path("verb").asString(),
                        object.path("resource").asString("") + (part.isEmpty() ? "" : "/" + part),
                        event.path("requestURI").asString(),
                        event.at("/responseStatus/code").asInt(0)));
    }
}
