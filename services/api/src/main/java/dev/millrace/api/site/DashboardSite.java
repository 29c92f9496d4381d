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
import org.springframework.web.servlet.resource.PathResourceResolver;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/**
 * The dashboard: files whose names change with their content are kept for ever, all others are
 * asked for again. Paths without a file are the dashboard's own and get its page.
 */
@RestController
public final class DashboardSite implements WebMvcConfigurer {
    private static final String FILES = "classpath:/dashboard/";
    private static final Resource PAGE = new ClassPathResource("dashboard/index.html");

    @Override
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/dashboard/assets/**")
                .addResourceLocations(FILES + "assets/")
                .setCacheControl(
                        CacheControl.maxAge(Duration.ofDays(365)).cachePublic().immutable());
        registry.addResourceHandler("/dashboard/**")
                .addResourceLocations(FILES)
                .setCacheControl(CacheControl.noCache())
                .resourceChain(false)
                .addResolver(new FileOrPage());
    }

    /** The way to the dashboard. */
    @GetMapping({"/", "/dashboard"})
    public ResponseEntity<Void> redirect() {
        return ResponseEntity.status(HttpStatus.FOUND).location(URI.create("/dashboard/")).build();
    }

    /** The page. */
    @GetMapping("/dashboard/")
    public ResponseEntity<Resource> page() {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noCache())
                .contentType(MediaType.TEXT_HTML)
                .body(existingPage());
    }

    private static Resource existingPage() {
        if (!PAGE.exists()) {
            throw ApiProblem.noDashboard();
        }
        return PAGE;
    }

    /** A name with a dot is a file's; any other is a place within the dashboard. */
    private static final class FileOrPage extends PathResourceResolver {
        @Override
        protected Resource getResource(String path, Resource location) throws IOException {
            Resource file = super.getResource(path, location);
            boolean isFile = path.indexOf('.', path.lastIndexOf('/') + 1) >= 0;
            return file != null || isFile ? file : existingPage();
        }
    }
}
