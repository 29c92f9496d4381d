package dev.millrace.api.problem;

import dev.millrace.pipeline.plan.Fence;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.MetricPlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.Suggestion;
import dev.millrace.pipeline.plan.Window;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

import java.util.List;

/** A request that cannot be answered, told as RFC 9457 has it: what is wrong and what to do. */
public final class ApiProblem extends ErrorResponseException {
    private static final long serialVersionUID = 1L;

    private ApiProblem(HttpStatus status, ProblemDetail problem) {
        super(status, problem, null);
    }

    private static ApiProblem of(HttpStatus status, String title, String detail) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setTitle(title);
        return new ApiProblem(status, problem);
    }

    /** 404: there is no such metric. */
    public static ApiProblem unknownMetric(String name, Plan plan) {
        List<String> known = plan.metrics().stream().map(MetricPlan::name).toList();
        ApiProblem problem =
                of(
                        HttpStatus.NOT_FOUND,
                        "Unknown metric",
                        "There is no metric \"" + name + "\"" + Suggestion.of(name, known));
        problem.getBody().setProperty("metrics", known);
        return problem;
    }

    /** 404: the metric has no rows. */
    public static ApiProblem noRows(String name, Plan plan) {
        List<String> known =
                plan.measures()
                        .filter(measure -> measure.latest() != null)
                        .map(MetricPlan::name)
                        .toList();
        return of(
                HttpStatus.NOT_FOUND,
                "No rows",
                "The metric \"%s\" has no rows; %s"
                        .formatted(
                                name,
                                known.isEmpty()
                                        ? "metrics of measure latest have, and there is none"
                                        : "these have: " + String.join(", ", known)));
    }

    /** 404: the metric's rows have no versions. */
    public static ApiProblem noVersions(String name, String reason) {
        return of(
                HttpStatus.NOT_FOUND,
                "No versions",
                "The rows of \"%s\" have no versions: %s".formatted(name, reason));
    }

    /** 404: the metric has no cells. */
    public static ApiProblem noCells(String name, Plan plan) {
        List<String> known =
                plan.measures()
                        .filter(
                                measure ->
                                        measure.latest() != null
                                                && measure.latest().cells() != null)
                        .map(MetricPlan::name)
                        .toList();
        return of(
                HttpStatus.NOT_FOUND,
                "No cells",
                "The metric \"%s\" has no cells; %s"
                        .formatted(
                                name,
                                known.isEmpty()
                                        ? "declare them in the manifest, such as cells: h3/8"
                                        : "these have: " + String.join(", ", known)));
    }

    /** 404: the metric has no history. */
    public static ApiProblem noHistory(MetricPlan metric) {
        return of(
                HttpStatus.NOT_FOUND,
                "No history",
                metric instanceof MeasurePlan measure && measure.latest() != null
                        ? "The metric \"%s\" has no history: rows are of the present; /api/v1/metrics/%s/rows has them"
                                .formatted(metric.name(), metric.name())
                        : "The metric \"%s\" has no history, for all of its windows are \"all\"; add one such as 1h in the manifest"
                                .formatted(metric.name()));
    }

    /** 404: there is no history at all. */
    public static ApiProblem noHistory(String reason) {
        return of(HttpStatus.NOT_FOUND, "No history", "There is no history: " + reason);
    }

    /** 400: the metric has no such fence. */
    public static ApiProblem unknownFence(String text, MeasurePlan metric) {
        List<String> known = metric.latest().fences().stream().map(Fence::name).toList();
        ApiProblem problem =
                of(
                        HttpStatus.BAD_REQUEST,
                        "Unknown fence",
                        "The metric \"%s\" has no fence \"%s\"%s"
                                .formatted(
                                        metric.name(),
                                        text,
                                        known.isEmpty()
                                                ? ", for none is declared; leave the parameter out"
                                                : Suggestion.of(text, known)));
        problem.getBody().setProperty("fences", known);
        return problem;
    }

    /** 400: the metric has no such window. */
    public static ApiProblem unknownWindow(String text, MetricPlan metric) {
        List<String> known = metric.windows().stream().map(Window::text).toList();
        ApiProblem problem =
                of(
                        HttpStatus.BAD_REQUEST,
                        "Unknown window",
                        "The metric \"%s\" has no window \"%s\"; write one of: %s"
                                .formatted(metric.name(), text, String.join(", ", known)));
        problem.getBody().setProperty("windows", known);
        return problem;
    }

    /** 400: a query parameter cannot be used. */
    public static ApiProblem badParameter(String name, String value, String wanted) {
        ApiProblem problem =
                of(
                        HttpStatus.BAD_REQUEST,
                        "Bad parameter",
                        "The parameter \"%s\" is \"%s\"; write %s".formatted(name, value, wanted));
        problem.getBody().setProperty("parameter", name);
        return problem;
    }

    /** 503: not now. */
    public static ApiProblem unavailable(String detail) {
        ApiProblem problem = of(HttpStatus.SERVICE_UNAVAILABLE, "Not available now", detail);
        problem.getHeaders().set(HttpHeaders.RETRY_AFTER, "5");
        return problem;
    }

    /** 404: this build was made without the dashboard. */
    public static ApiProblem noDashboard() {
        return of(
                HttpStatus.NOT_FOUND,
                "No dashboard",
                "This build has no dashboard; build it without -Ddashboard.skip. The numbers are at /api/v1/metrics.");
    }
}
