package dev.millrace.local.run;

import dev.millrace.local.CommandFailure;
import dev.millrace.local.RunningPipelines;
import dev.millrace.pipeline.manifest.ManifestReader;
import dev.millrace.pipeline.plan.DatabasePlan;
import dev.millrace.pipeline.plan.InvalidPipelineException;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.plan.TablePlan;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code millrace run}: runs a pipeline until it is interrupted. */
@Command(
        name = "run",
        description = "Run a pipeline in one process, on real servers, until Ctrl-C.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nEnds with:%n",
        exitCodeList = {
            "130, 143:when it was stopped, by Ctrl-C or SIGTERM, and all is kept",
            "1:when it cannot run: a port or the data folder is taken, a server does not start",
            "2:when the command or the manifest is not right"
        })
public final class RunCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "the manifest (default: ${DEFAULT-VALUE})",
            defaultValue = "${env:MILLRACE_DEFAULT_MANIFEST:-k8s/clickstream.yaml}")
    private Path file;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "where dashboard, API and collector answer (default: ${DEFAULT-VALUE})",
            defaultValue = "8080")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "the address they listen on (default: ${DEFAULT-VALUE}: this machine only)",
            defaultValue = "127.0.0.1")
    private String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "where data is kept (default: PIPELINE in .millrace, or in $MILLRACE_HOME)")
    private Path data;

    @Option(names = "--fresh", description = "delete the data of former runs first")
    private boolean fresh;

    @Option(
            names = "--no-generator",
            description = "make no synthetic events, whatever the manifest says")
    private boolean noGenerator;

    @Override
    public Integer call() throws InterruptedException {
        Plan plan = plan(file);
        if (port < 1 || port > 65_535) {
            throw new CommandFailure("--port " + port + " is no port; choose 1 to 65535", 2);
        }
        String mongo = System.getenv("MONGODB_URI");
        boolean given = mongo != null && !mongo.isBlank();
        Map<DatabasePlan, GivenDatabase> databases = GivenDatabase.of(plan, System.getenv());
        requireFiles(plan, file, databases);
        if (given && fresh) {
            throw new CommandFailure(
                    "--fresh deletes local data only, and MONGODB_URI names a store of yours, whose records would get mixed up; name an empty database there and leave --fresh out, or unset MONGODB_URI",
                    2);
        }
        Path folder = data == null ? RunningPipelines.home().resolve(plan.name()) : data;
        try (DataFolder kept = DataFolder.open(folder, plan.name(), fresh)) {
            LocalRun.start(
                            plan,
                            kept,
                            new LocalRun.Settings(
                                    host,
                                    port,
                                    !noGenerator,
                                    given ? mongo : null,
                                    file,
                                    databases))
                    .await();
            return 0;
        }
    }

    /** Told before anything starts, rather than by a pipeline that never gets ready. */
    private static void requireFiles(
            Plan plan, Path manifest, Map<DatabasePlan, GivenDatabase> databases) {
        for (TablePlan table : plan.tables()) {
            if (table.source() instanceof TablePlan.File rows) {
                requireFile(table, rows, manifest);
            } else if (table.source() instanceof TablePlan.Capture capture
                    && !databases.containsKey(capture.database())) {
                String variable =
                        GivenDatabase.variable(capture.database())
                                + "="
                                + GivenDatabase.example(capture.database());
                if (capture.standIn() == null) {
                    throw new CommandFailure(
                            "The table "
                                    + table.name()
                                    + " is captured from a database, and none is given: set "
                                    + variable
                                    + ", or name a file with rows beside cdc",
                            2);
                }
                requireFile(table, capture.standIn(), manifest);
                Console.say(
                        "The table %s has the rows of %s; to capture it set %s",
                        table.name(), capture.standIn().path(), variable);
            }
        }
    }

    private static void requireFile(TablePlan table, TablePlan.File rows, Path manifest) {
        Path file = manifest.toAbsolutePath().getParent().resolve(rows.path());
        if (!Files.isReadable(file)) {
            throw new CommandFailure(
                    "The table "
                            + table.name()
                            + " needs the file "
                            + file
                            + ", which cannot be read; put it there",
                    2);
        }
    }

    static Plan plan(Path file) {
        try {
            return ManifestReader.readToRun(file);
        } catch (InvalidPipelineException e) {
            throw new CommandFailure(e.getMessage(), 2);
        }
    }
}
