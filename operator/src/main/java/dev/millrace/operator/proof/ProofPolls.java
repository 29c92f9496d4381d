package dev.millrace.operator.proof;

import dev.millrace.operator.config.OperatorSettings.ProofSettings;
import dev.millrace.operator.desired.Workload;
import dev.millrace.pipeline.resource.AnalyticsPipeline;

import io.fabric8.kubernetes.api.model.Condition;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import io.javaoperatorsdk.operator.processing.event.source.Cache;
import io.javaoperatorsdk.operator.processing.event.source.ResourceEventAware;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Asks the API of each pipeline now and then whether its numbers are proven. The requests of a
 * round are spread over it, and a pipeline is reconciled only where another thing is to be told:
 * where numbers stay right, nothing happens. APIs have no rights in Kubernetes, and need none.
 */
public final class ProofPolls extends AbstractEventSource<Proof, AnalyticsPipeline>
        implements ResourceEventAware<AnalyticsPipeline> {
    private static final Logger log = LoggerFactory.getLogger(ProofPolls.class);
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int OK = 200;

    private final ProofSettings settings;
    private final Clock clock;
    private final BooleanSupplier leads;
    private final Cache<AnalyticsPipeline> pipelines;
    private final Map<String, HeldProof> held = new ConcurrentHashMap<>();
    private volatile Thread thread;
    private HttpClient http;

    /**
     * Polls that have not begun.
     *
     * @param leads whether to ask: of several operators the one that works
     */
    public ProofPolls(
            EventSourceContext<AnalyticsPipeline> context,
            ProofSettings settings,
            Clock clock,
            BooleanSupplier leads) {
        super(Proof.class, "proofs");
        this.settings = settings;
        this.clock = clock;
        this.leads = leads;
        this.pipelines = context.getPrimaryCache();
    }

    @Override
    public synchronized void start() {
        if (isRunning() || !settings.isOn()) {
            return;
        }
        super.start();
        http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(settings.timeout())
                        .build();
        thread = Thread.ofVirtual().name("millrace-proofs").unstarted(this::run);
        thread.start();
    }

    @Override
    public synchronized void stop() {
        if (!isRunning()) {
            return;
        }
        super.stop();
        thread.interrupt();
        thread = null;
        http.shutdownNow();
    }

    private void run() {
        try {
            while (thread == Thread.currentThread()) {
                List<AnalyticsPipeline> all =
                        leads.getAsBoolean()
                                ? pipelines
                                        .list()
                                        .filter(one -> !one.isMarkedForDeletion())
                                        .toList()
                                : List.of();
                Duration pause = settings.every().dividedBy(Math.max(1, all.size()));
                for (AnalyticsPipeline pipeline : all) {
                    look(pipeline);
                    Thread.sleep(pause);
                }
                if (all.isEmpty()) {
                    Thread.sleep(settings.every());
                }
            }
        } catch (InterruptedException _) {
            // stop() asks for it
        }
    }

    private void look(AnalyticsPipeline pipeline) {
        try {
            if (isAnswered(pipeline)) {
                ask(pipeline);
            } else {
                miss(pipeline);
            }
        } catch (RuntimeException e) {
            log.warn(
                    "{}/{} could not be asked for its proof",
                    pipeline.getMetadata().getNamespace(),
                    pipeline.getMetadata().getName(),
                    e);
        }
    }

    /** Whether there is somebody to ask. */
    private static boolean isAnswered(AnalyticsPipeline pipeline) {
        return condition(pipeline, Workload.API.conditionType())
                .filter(condition -> "True".equals(condition.getStatus()))
                .isPresent();
    }

    /** Nobody looks at numbers that were right: after a while that is told. */
    private void miss(AnalyticsPipeline pipeline) {
        if (held(pipeline).proof().verdict() == Proof.Verdict.PROVEN) {
            take(
                    pipeline,
                    Finding.unreachable(
                            "The API does not run, so nobody looks whether its numbers are right"));
        }
    }

    private static Optional<Condition> condition(AnalyticsPipeline pipeline, String type) {
        return pipeline.getStatus() == null || pipeline.getStatus().conditions() == null
                ? Optional.empty()
                : pipeline.getStatus().conditions().stream()
                        .filter(condition -> condition.getType().equals(type))
                        .findFirst();
    }

    private void ask(AnalyticsPipeline pipeline) {
        URI uri =
                settings.of(
                        pipeline.getMetadata().getNamespace(), pipeline.getMetadata().getName());
        CompletableFuture<HttpResponse<byte[]>> asked =
                http.sendAsync(
                        HttpRequest.newBuilder(uri)
                                .timeout(settings.timeout())
                                .header("Accept", "application/json")
                                .build(),
                        BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        // the timeout of a request ends with the head of its answer
        asked.copy()
                .orTimeout(settings.timeout().multipliedBy(2).toMillis(), TimeUnit.MILLISECONDS)
                .handle(
                        (answer, failure) -> {
                            asked.cancel(true);
                            return failure == null
                                    ? found(uri, answer)
                                    : Finding.unreachable(noAnswer(uri));
                        })
                .thenAccept(finding -> take(pipeline, finding));
    }

    private Finding found(URI uri, HttpResponse<byte[]> answer) {
        return answer.statusCode() == OK
                ? ProofAnswer.read(answer.body(), clock.instant())
                : Finding.unreachable(
                        "%s is answered with %d; the API's log may say why"
                                .formatted(uri, answer.statusCode()));
    }

    private static String noAnswer(URI uri) {
        return "%s is not answered. Does a network policy of the cluster keep the operator from the API?"
                .formatted(uri);
    }

    private void take(AnalyticsPipeline pipeline, Finding finding) {
        ResourceID id = ResourceID.fromResource(pipeline);
        boolean isThere =
                pipelines.get(id).filter(now -> uid(now).equals(uid(pipeline))).isPresent();
        if (isThere && isRunning() && held(pipeline).take(finding, clock.instant())) {
            getEventHandler().handleEvent(new Event(id));
        }
    }

    private HeldProof held(AnalyticsPipeline pipeline) {
        return held.computeIfAbsent(
                uid(pipeline),
                _ ->
                        new HeldProof(
                                condition(pipeline, Proof.CONDITION).orElse(null),
                                clock.instant()));
    }

    private static String uid(AnalyticsPipeline pipeline) {
        return pipeline.getMetadata().getUid();
    }

    @Override
    public Set<Proof> getSecondaryResources(AnalyticsPipeline pipeline) {
        return settings.isOn() ? Set.of(held(pipeline).proof()) : Set.of();
    }

    @Override
    public void onResourceDeleted(AnalyticsPipeline pipeline) {
        held.remove(uid(pipeline));
    }
}
