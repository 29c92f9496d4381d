package dev.millrace.api.sink;

import dev.millrace.embedded.FreePorts;
import dev.millrace.testing.Patience;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** QuestDB, a real server with InfluxDB's line protocol over HTTP, in a process of its own. */
final class QuestDb implements AutoCloseable {
    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    QuestDb(Path folder) throws Exception {
        Files.createDirectories(folder);
        port = FreePorts.one();
        Path jar =
                Path.of(
                        io.questdb.ServerMain.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI());
        ProcessBuilder builder =
                new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-Xmx256m",
                                "-cp",
                                jar.toString(),
                                "io.questdb.ServerMain",
                                "-d",
                                folder.toString()));
        builder.environment().put("QDB_HTTP_BIND_TO", "127.0.0.1:" + port);
        for (String part : List.of("PG", "LINE_TCP", "HTTP_MIN", "TELEMETRY", "METRICS")) {
            builder.environment().put("QDB_" + part + "_ENABLED", "false");
        }
        builder.environment().put("QDB_SHARED_WORKER_COUNT", "1");
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("out.log").toFile());
        process = builder.start();
        Patience.await()
                .until(
                        () -> {
                            if (!process.isAlive()) {
                                throw new IllegalStateException(
                                        Files.readString(folder.resolve("out.log")));
                            }
                            try {
                                return query("select 1").path("count").asInt() == 1;
                            } catch (IOException _) {
                                return false;
                            }
                        });
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    JsonNode query(String sql) throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(
                        http.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(
                                                                url()
                                                                        + "/exec?query="
                                                                        + URLEncoder.encode(
                                                                                sql,
                                                                                StandardCharsets
                                                                                        .UTF_8)))
                                                .timeout(Duration.ofSeconds(20))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body());
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        http.shutdownNow();
    }
}
