package dev.millrace.api;

import dev.millrace.api.exposition.PipelineNumbers;
import dev.millrace.api.history.History;
import dev.millrace.api.history.HistoryConfiguration;
import dev.millrace.api.live.Broadcast;
import dev.millrace.api.live.LiveController;
import dev.millrace.api.mongo.MongoStore;
import dev.millrace.api.openapi.OpenApiController;
import dev.millrace.api.problem.ApiErrors;
import dev.millrace.api.proof.ProofConfiguration;
import dev.millrace.api.rest.MetricController;
import dev.millrace.api.rest.PipelineController;
import dev.millrace.api.rest.RowController;
import dev.millrace.api.rest.StatusController;
import dev.millrace.api.sink.SinkConfiguration;
import dev.millrace.api.site.DashboardSite;
import dev.millrace.api.site.SecurityHeaders;
import dev.millrace.api.socket.LiveSockets;
import dev.millrace.api.socket.SocketServer;
import dev.millrace.api.sse.ServerSentEvents;
import dev.millrace.api.state.AuditReader;
import dev.millrace.api.state.PastReader;
import dev.millrace.api.state.RecountSettings;
import dev.millrace.api.state.Ticker;
import dev.millrace.api.stats.PageFeed;
import dev.millrace.api.stats.StatsConfiguration;
import dev.millrace.api.versions.VersionConfiguration;
import dev.millrace.api.view.ViewRoutes;
import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.Plan;

import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import jakarta.servlet.ServletContext;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.Compression;
import org.springframework.boot.web.server.ConfigurableWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import java.time.Clock;

/** The API of a pipeline. Needs a {@link Plan} and a connection factory for Redis. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({ApiSettings.class, RecountSettings.class})
@Import({
    LiveController.class,
    MetricController.class,
    PipelineController.class,
    RowController.class,
    StatusController.class,
    OpenApiController.class,
    ProofConfiguration.class,
    HistoryConfiguration.class,
    SinkConfiguration.class,
    StatsConfiguration.class,
    VersionConfiguration.class,
    DashboardSite.class,
    ApiErrors.class
})
public class ApiConfiguration {
    /** What the API measures of itself. */
    @Bean
    public ApiMeters apiMeters(MeterRegistry registry) {
        return new ApiMeters(registry);
    }

    /** The reader of Redis. */
    @Bean
    public Ticker apiTicker(
            Plan plan,
            LettuceConnectionFactory factory,
            ApiSettings settings,
            ApiMeters meters,
            History history,
            AuditReader audit) {
        return new Ticker(
                plan,
                factory,
                settings,
                meters,
                Clock.systemUTC(),
                new PastReader(plan, history),
                audit);
    }

    /** The reader of the audit's records, for while Redis is away. */
    @Bean
    public AuditReader apiAuditReader(
            Plan plan,
            History history,
            RecountSettings settings,
            @Value("${spring.mongodb.uri:}") String mongo,
            @Value("${millrace.audit.collection:events}") String events) {
        return new AuditReader(
                plan,
                history,
                new MongoStore(mongo, "recount", settings.longest(), false),
                events,
                settings,
                Clock.systemUTC());
    }

    /** What all answers are made from. */
    @Bean
    public Snapshots apiSnapshots(Ticker ticker) {
        return ticker.snapshots();
    }

    /** The numbers for Prometheus, where there is a registry of it. */
    @Bean
    public SmartInitializingSingleton apiPipelineNumbers(
            Plan plan, Snapshots snapshots, ObjectProvider<PrometheusRegistry> registry) {
        return () ->
                registry.ifAvailable(
                        prometheus ->
                                prometheus.register(
                                        new PipelineNumbers(
                                                snapshots, plan.monitoring().groups())));
    }

    /** The stream of updates. */
    @Bean
    public Broadcast apiBroadcast(PageFeed feed, ApiSettings settings, ApiMeters meters) {
        return new Broadcast(feed.pages(), feed.pace(settings.push()), meters);
    }

    /** The clients that stream. */
    @Bean
    public ServerSentEvents apiServerSentEvents(ApiSettings settings, ApiMeters meters) {
        return new ServerSentEvents(settings, meters);
    }

    /** The clients that follow over WebSocket. */
    @Bean
    public LiveSockets apiLiveSockets(Broadcast broadcast, ApiSettings settings, ApiMeters meters) {
        return new LiveSockets(broadcast, settings, meters);
    }

    /** The way to them. */
    @Bean
    public static SocketServer apiSocketServer(
            ObjectProvider<ServletContext> servlets, ObjectProvider<LiveSockets> sockets) {
        return new SocketServer(servlets, sockets);
    }

    /** The manifest's views. */
    @Bean
    public SmartInitializingSingleton apiViews(
            Plan plan,
            Snapshots snapshots,
            ServerSentEvents streams,
            ApiSettings settings,
            @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
        return () -> ViewRoutes.register(plan, snapshots, streams, settings.push(), mapping);
    }

    /** Ready once Redis has been read. */
    @Bean
    public ApiReadiness apiReadiness(Ticker ticker) {
        return new ApiReadiness(ticker, Clock.systemUTC());
    }

    /** Headers of all answers. */
    @Bean
    public FilterRegistrationBean<SecurityHeaders> apiSecurityHeaders() {
        FilterRegistrationBean<SecurityHeaders> registration =
                new FilterRegistrationBean<>(new SecurityHeaders());
        registration.setAsyncSupported(true);
        return registration;
    }

    /** JSON and the dashboard's files are compressed; streams are not, they must not wait. */
    @Bean
    public WebServerFactoryCustomizer<ConfigurableWebServerFactory> apiCompression() {
        return factory -> {
            Compression compression = new Compression();
            compression.setEnabled(true);
            compression.setMimeTypes(
                    new String[] {
                        "application/json",
                        "application/problem+json",
                        "text/html",
                        "text/css",
                        "text/javascript",
                        "text/plain",
                        "image/svg+xml"
                    });
            factory.setCompression(compression);
        };
    }
}
