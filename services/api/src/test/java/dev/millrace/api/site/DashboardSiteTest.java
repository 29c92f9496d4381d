package dev.millrace.api.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.ApiServer;
import dev.millrace.api.Pipelines;
import dev.millrace.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Serves a dashboard of its own, so that the real one need not be built for it. */
class DashboardSiteTest {
    private static final Path CLASSES =
            Path.of(
                    URI.create(
                            DashboardSiteTest.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toString()));
    private static ApiServer server;

    @BeforeAll
    static void begin() throws Exception {
        write("index.html", "<!doctype html><title>page</title>");
        write("theme.js", "'theme'");
        write("assets/index-ABC123.js", "'script'");
        write("licenses/font.txt", "licence");
        server = new ApiServer(Pipelines.shop(), TestServers.redis().url());
    }

    @AfterAll
    static void end() {
        server.close();
    }

    private static void write(String name, String text) throws Exception {
        Path file = CLASSES.resolve("dashboard").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void thePageIsAtEveryPathThatIsNoFile() throws Exception {
        for (String path :
                new String[] {
                    "/dashboard/", "/dashboard/metrics", "/dashboard/a/b", "/dashboard/index.html"
                }) {
            HttpResponse<String> response = server.get(path, "Accept", "text/html");
            assertThat(response.statusCode()).as(path).isEqualTo(200);
            assertThat(response.body()).contains("<!doctype html>");
            assertThat(header(response, "Content-Type")).startsWith("text/html");
            assertThat(header(response, "Cache-Control")).isEqualTo("no-cache");
            assertThat(header(response, "Content-Security-Policy"))
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe-eval");
        }
    }

    @Test
    void hashedFilesAreKeptForEverAndOthersAskedFor() throws Exception {
        HttpResponse<String> script = server.get("/dashboard/assets/index-ABC123.js");
        assertThat(script.body()).isEqualTo("'script'");
        assertThat(header(script, "Cache-Control")).contains("max-age=31536000", "immutable");
        assertThat(header(script, "Content-Type")).startsWith("text/javascript");
        HttpResponse<String> theme = server.get("/dashboard/theme.js");
        assertThat(theme.body()).isEqualTo("'theme'");
        assertThat(header(theme, "Cache-Control")).isEqualTo("no-cache");
        assertThat(server.get("/dashboard/licenses/font.txt").body()).isEqualTo("licence");
    }

    @Test
    void whatIsMissingIsNotFound() throws Exception {
        for (String path :
                new String[] {
                    "/dashboard/assets/old-XYZ.js",
                    "/dashboard/none.png",
                    "/dashboard/..%2fapplication.yaml"
                }) {
            HttpResponse<String> response = server.get(path);
            assertThat(response.statusCode()).as(path).isIn(400, 404);
            assertThat(response.body()).doesNotContain("spring");
        }
    }
}
