package dev.millrace.api.problem;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.HttpMediaTypeNotAcceptableException;
import org.springframework.web.HttpRequestMethodNotSupportedException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

import java.net.URI;
import java.util.Arrays;
import java.util.Set;

/**
 * Answers every error as RFC 9457 has it. It comes last: another service in the same process may
 * have its own, for its own controllers.
 */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
public final class ApiErrors extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ApiErrors.class);

    private static final URI BLANK = URI.create("about:blank");

    @Override
    protected ResponseEntity<Object> handleNoResourceFoundException(
            NoResourceFoundException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.NOT_FOUND,
                        "There is nothing at /%s; /openapi.json lists what there is."
                                .formatted(e.getResourcePath()));
        return handleExceptionInternal(e, problem, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> handleHttpRequestMethodNotSupported(
            HttpRequestMethodNotSupportedException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        Set<?> supported = e.getSupportedHttpMethods();
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        status,
                        "This path does not take %s; use %s."
                                .formatted(
                                        e.getMethod(),
                                        supported == null || supported.isEmpty()
                                                ? "another method"
                                                : String.join(
                                                        " or ",
                                                        Arrays.stream(supported.toArray())
                                                                .map(Object::toString)
                                                                .sorted()
                                                                .toList())));
        return handleExceptionInternal(e, problem, headers, status, request);
    }

    @Override
    protected ResponseEntity<Object> handleHttpMediaTypeNotAcceptable(
            HttpMediaTypeNotAcceptableException e,
            HttpHeaders headers,
            HttpStatusCode status,
            WebRequest request) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        status,
                        "This path answers with %s only; leave out the Accept header or allow that."
                                .formatted(e.getSupportedMediaTypes()));
        return handleExceptionInternal(e, problem, headers, status, request);
    }

    /** The standard's word for problems that the status says all about. */
    @Override
    protected ResponseEntity<Object> createResponseEntity(
            Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        if (body instanceof ProblemDetail problem && problem.getType() == null) {
            problem.setType(BLANK);
        }
        return super.createResponseEntity(body, headers, status, request);
    }

    /** What nobody thought of: the log says more than the answer. */
    @ExceptionHandler({RuntimeException.class, Error.class})
    ResponseEntity<Object> handleUnforeseen(Throwable e, WebRequest request) {
        LOG.error("{} failed", request.getDescription(false), e);
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.INTERNAL_SERVER_ERROR,
                        "The server failed to answer; its log says why. Please report it.");
        return createResponseEntity(
                problem, new HttpHeaders(), HttpStatus.INTERNAL_SERVER_ERROR, request);
    }
}
