package dev.millrace.api.view;

import dev.millrace.api.sse.ServerSentEvents;
import dev.millrace.api.window.Snapshots;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.ViewPlan;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import java.lang.reflect.Method;
import java.time.Duration;

/** Puts the manifest's views at their paths. */
public final class ViewRoutes {
    private ViewRoutes() {}

    /**
     * Registers them.
     *
     * @param pace the shortest time between two answers of a stream
     */
    public static void register(
            Plan plan,
            Snapshots snapshots,
            ServerSentEvents streams,
            Duration pace,
            RequestMappingHandlerMapping mapping) {
        for (ViewPlan view : plan.views()) {
            ViewEndpoint endpoint = new ViewEndpoint(view, snapshots, streams, pace);
            mapping.registerMapping(
                    get(view.path(), mapping), endpoint, method("get", HttpServletRequest.class));
            if (view.stream() != null) {
                mapping.registerMapping(
                        get(view.path() + "/stream", mapping),
                        endpoint,
                        method("stream", HttpServletRequest.class, HttpServletResponse.class));
            }
        }
    }

    private static RequestMappingInfo get(String path, RequestMappingHandlerMapping mapping) {
        return RequestMappingInfo.paths(path)
                .methods(RequestMethod.GET)
                .options(mapping.getBuilderConfiguration())
                .build();
    }

    private static Method method(String name, Class<?>... parameters) {
        try {
            return ViewEndpoint.class.getDeclaredMethod(name, parameters);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }
}
