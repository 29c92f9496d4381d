package dev.millrace.local.prove;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;

import dev.millrace.api.proof.ProvenBucket;
import dev.millrace.api.proof.Prover;
import dev.millrace.audit.recount.Bucket;
import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;
import dev.millrace.local.RunningPipelines.Running;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.MeasurePlan;
import dev.millrace.pipeline.plan.Plan;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.codec.StringCodec;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@code millrace prove}: counts every bucket that Redis holds again from the audit's records, and
 * compares.
 */
@Command(
        name = "prove",
        description =
                "Count every live number of a running pipeline again, from the records of its audit, and compare.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nEnds with:%n",
        exitCodeList = {
            "0:when no number differs",
            "1:when one does, or when it cannot be told",
            "2:when the command is not right"
        })
public final class ProveCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration BEHIND = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(30);

    /** The collection that a local audit writes. */
    private static final String EVENTS = "events";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "which of several running pipelines: where it answers, such as http://localhost:8080")
    private String url;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description = "only this metric (default: all)")
    private String metric;

    @Override
    public Integer call() throws InterruptedException {
        // what drivers say of their connections is nothing to whoever reads the table
        LoggingSystem.get(ProveCommand.class.getClassLoader())
                .setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
        Running running = running();
        Plan plan = plan(running);
        if (metric != null && plan.metric(metric).filter(MeasurePlan.class::isInstance).isEmpty()) {
            throw new CommandFailure(
                    "There is no counted metric \""
                            + metric
                            + "\"; choose one of "
                            + plan.measures()
                                    .map(MeasurePlan::name)
                                    .collect(Collectors.joining(", ")),
                    2);
        }
        RedisClient redis = RedisClient.create(running.redis());
        try (MongoClient mongo = mongo(running.mongo());
                var connection = redis.connect(StringCodec.UTF8)) {
            String database =
                    Objects.requireNonNullElse(
                            new ConnectionString(running.mongo()).getDatabase(), "millrace");
            Prover prover =
                    new Prover(
                            plan,
                            connection.async(),
                            PATIENCE,
                            mongo.getDatabase(database),
                            EVENTS);
            return prove(plan, prover);
        } catch (RedisException e) {
            throw new CommandFailure("Redis of " + running.name() + " cannot be read: " + e);
        } catch (MongoException e) {
            throw new CommandFailure("The records of " + running.name() + " cannot be read: " + e);
        } finally {
            redis.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    private Integer prove(Plan plan, Prover prover) throws InterruptedException {
        prover.obstacle()
                .ifPresent(
                        reason -> {
                            throw new CommandFailure("Nothing can be proven: " + reason);
                        });
        List<Bucket> buckets =
                prover.buckets().stream()
                        .filter(bucket -> metric == null || bucket.metric().name().equals(metric))
                        .toList();
        long begin = System.nanoTime();
        List<ProvenBucket> proven =
                prover.prove(
                        buckets, new Prover.Limits(BEHIND.plus(plan.audit().flush()), LONGEST));
        ProofTable table = new ProofTable(proven);
        System.out.print(table.text());
        System.out.printf(
                "%d buckets of %s in %.1f s: %s%n",
                proven.size(),
                plan.name(),
                (System.nanoTime() - begin) / 1e9,
                table.hasDifference()
                        ? "numbers in Redis differ from the records"
                        : "no number differs from the records");
        return table.hasDifference() ? 1 : 0;
    }

    private static MongoClient mongo(String uri) {
        return MongoClients.create(
                MongoClientSettings.builder()
                        .applyConnectionString(new ConnectionString(uri))
                        .applicationName("millrace-prove")
                        .applyToClusterSettings(
                                cluster -> cluster.serverSelectionTimeout(5, TimeUnit.SECONDS))
                        .build());
    }

    private static Plan plan(Running running) {
        try {
            return ManifestReader.readToRun(Path.of(running.manifest()));
        } catch (InvalidPipelineException e) {
            throw new CommandFailure(
                    "The manifest that "
                            + running.name()
                            + " runs cannot be read any more: "
                            + e.getMessage());
        }
    }

    private Running running() {
        List<Running> running =
                RunningPipelines.here().list().stream()
                        .filter(one -> url == null || one.collector().equals(trimmed(url)))
                        .toList();
        if (running.isEmpty()) {
            throw new CommandFailure(
                    url == null
                            ? "No pipeline is running; start one with ./millrace run"
                            : "No pipeline of this machine answers at "
                                    + url
                                    + "; --url names one that ./millrace run has started");
        }
        if (running.size() > 1) {
            throw new CommandFailure(
                    "Several pipelines are running; name one with --url: "
                            + running.stream()
                                    .map(one -> one.collector() + " (" + one.name() + ")")
                                    .collect(Collectors.joining(", ")));
        }
        return running.getFirst();
    }

    private static String trimmed(String url) {
        return url.replaceFirst("/+$", "").replace("127.0.0.1", "localhost");
    }
}
