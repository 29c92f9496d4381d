package dev.millrace.api.site;

import dev.millrace.api.problem.ApiProblem;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import java.net.URI;
import java.time.Duration;

/**
 * The dashboard: files whose names change with their content are kept for ever, all others are
 * asked for again. Paths without a file are the dashboard's own and get its page.
 */
@RestController
public final class DashboardSite implements WebMvcConfigurer {
    private static final String FILES = "classpath:/dashboard/";

    private final Resource page = new ClassPathResource("dashboard/index.html");

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/dashboard/assets/**")
                .addResourceLocations(FILES + "assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/dashboard/*.*", "/dashboard/licenses/**")
                .addResourceLocations(FILES)
                .setCacheControl(CacheControl.noCache());
    }

    /** The way to the dashboard. */
    @GetMapping({"/", "/dashboard"})
    public ResponseEntity<Void> redirect() {
        return ResponseEntity.status(HttpStatus.FOUND).location(URI.create("/dashboard/")).build();
    }

    /** The page, at every path of the dashboard that is no file. */
    @GetMapping({"/dashboard/", "/dashboard/index.html", "/dashboard/{path:[^.]+}"})
    public ResponseEntity<Resource> page() {
        if (!page.exists()) {
            throw ApiProblem.noDashboard();
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .body(page);
    }
}
