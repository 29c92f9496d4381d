package dev.millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The script {@code millrace}, copied into a checkout with nothing else in it, with a PATH that
 * lacks what the test says. Programs that would take long are stand-ins that print what they got.
 */
class ScriptTest {
    private static final List<String> TOOLS =
            List.of(
                    "bash",
                    "basename",
                    "cat",
                    "cksum",
                    "dirname",
                    "find",
                    "grep",
                    "head",
                    "mkdir",
                    "mv",
                    "readlink",
                    "rm",
                    "sed",
                    "sleep",
                    "tee",
                    "touch",
                    "tr");

    @TempDir Path folder;
    private Path checkout;
    private Path bin;
    private Path jdk;

    @BeforeEach
    void checkOut() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout of mine"));
        Files.copy(Path.of("../../millrace"), checkout.resolve("millrace"));
        assertThat(checkout.resolve("millrace").toFile().setExecutable(true)).isTrue();
        bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : TOOLS) {
            Files.createSymbolicLink(bin.resolve(tool), find(tool));
        }
        jdk = folder.resolve("jdks/a jdk 25");
        jdk(jdk, "25.0.1");
    }

    private static Path find(String tool) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(path -> Path.of(path, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** Its java unpacks a jar as Spring Boot does, and prints with which arguments it runs one. */
    private static void jdk(Path home, String version) throws IOException {
        program(home.resolve("bin/javac"), "");
        program(
                home.resolve("bin/java"),
                """
                if [ "$1" = -Djarmode=tools ]; then
                  mkdir -p "${!#}"
                  echo app >"${!#}/local.jar"
                  exit
                fi
                while [ $# -gt 0 ]; do
                  case $1 in
                    -XX:AOTCacheOutput=*) echo record >"${1#*=}" ;;
                    -XX:AOTCache=*) echo "with record" ;;
                    -jar) shift 2; printf '<%s>' "$@"; echo; exit ;;
                  esac
                  shift
                done
                """);
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    }

    private void built() throws IOException {
        Path jar = checkout.resolve("services/local/target/local.jar");
        Files.createDirectories(jar.getParent());
        Files.createDirectories(checkout.resolve("services/local/src/main"));
        Files.createDirectories(checkout.resolve("services/api/dashboard"));
        Files.createFile(checkout.resolve("pom.xml"));
        Files.createFile(checkout.resolve("services/local/pom.xml"));
        Files.writeString(jar, "a jar");
    }

    private Commands.Result run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(checkout.resolve("millrace").toString()));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "script", ".out");
        Path err = Files.createTempFile(folder, "script", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(Files.createDirectories(folder.resolve("elsewhere")).toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        builder.environment().put("MILLRACE_JDKS", folder.resolve("none") + ":" + jdk);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Commands.Result(
                process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void helps() throws Exception {
        Commands.Result help = run();
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).startsWith("Usage: ./millrace COMMAND");
        Commands.Result unknown = run("rum");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).endsWith("millrace: there is no command \"rum\"\n");
    }

    @Test
    void runsWhatIsBuiltFromAnywhere() throws Exception {
        built();
        Commands.Result first = run("run", "a file.yaml", "--port", "8081");
        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .isEqualTo(
                        """
                        Rehearsing a start, once for this build, so that it is fast from now on
                        with record
                        <run><a file.yaml><--port><8081>
                        """);
        assertThat(run("run").out()).isEqualTo("with record\n<run>\n");
        Files.createSymbolicLink(bin.resolve("link"), checkout.resolve("millrace"));
        assertThat(run("send", "-").out()).isEqualTo("with record\n<send><->\n");
        assertThat(checkout.resolve(".millrace/.app")).isDirectory();
    }

    @Test
    void runsWithoutARecordWhereNoneCanBeMade() throws Exception {
        built();
        program(
                jdk.resolve("bin/java"),
                Files.readString(jdk.resolve("bin/java"))
                        .replace("echo record >\"${1#*=}\"", "exit 1"));
        assertThat(run("run").out()).startsWith("Rehearsing").endsWith("<run>\n");
        assertThat(run("run").out()).isEqualTo("<run>\n");
    }

    @Test
    void buildsWhatHasChanged() throws Exception {
        built();
        program(bin.resolve("node"), "echo v20.1.0");
        program(bin.resolve("npm"), "");
        program(
                bin.resolve("mvn"),
                """
                echo "$PWD: $*" >>"%s"
                echo '[INFO] Building pipeline 0.1.0-SNAPSHOT                          [2/9]'
                echo '[INFO] noise'
                echo rebuilt >services/local/target/local.jar
                """
                        .formatted(folder.resolve("mvn.log")));
        Files.setLastModifiedTime(
                checkout.resolve("services/local/target/local.jar"),
                FileTime.fromMillis(1_000_000));

        Commands.Result result = run("run");
        assertThat(result.err()).isEmpty();
        assertThat(result.out()).contains("\n  2/9  pipeline\n", "Built in").endsWith("<run>\n");
        assertThat(folder.resolve("mvn.log"))
                .content()
                .hasLineCount(1)
                .startsWith(checkout + ": ")
                .contains("package", "-pl services/local -am");
        assertThat(run("run").out()).isEqualTo("with record\n<run>\n");

        Files.writeString(checkout.resolve("services/local/src/main/New.java"), "class New {}");
        assertThat(run("send", "-").out()).as("send does not build").endsWith("<send><->\n");
        assertThat(folder.resolve("mvn.log")).content().hasLineCount(1);
        run("run");
        assertThat(folder.resolve("mvn.log")).content().hasLineCount(2);
        assertThat(checkout.resolve(".millrace/build.lock")).doesNotExist();
    }

    @Test
    void saysWhereABuildFailed() throws Exception {
        program(bin.resolve("node"), "echo v22.0.0");
        program(bin.resolve("npm"), "");
        program(bin.resolve("mvn"), "echo '[ERROR] No such thing'; exit 1\n");
        Files.createDirectories(checkout.resolve("services/local"));
        Commands.Result result = run("run");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("[ERROR] No such thing")
                .endsWith(
                        "millrace: the build failed; all it said is in "
                                + checkout
                                + "/.millrace/build.log\n");
        assertThat(checkout.resolve(".millrace/build.lock")).doesNotExist();
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        Files.createDirectories(checkout.resolve("services/local"));
        assertFails("Maven was not found.");
        program(bin.resolve("mvn"), "");
        assertFails("Node was not found");
        program(bin.resolve("node"), "echo v18.19.0");
        assertFails("npm was not found");
        program(bin.resolve("npm"), "");
        assertFails("Node 18 is too old");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"17.0.9\"\n");
        program(bin.resolve("javac"), "");
        assertFails("no JDK 25 was found. Install one");
    }

    private void assertFails(String message) throws IOException, InterruptedException {
        Commands.Result result = run("run");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).hasLineCount(1).startsWith("millrace: " + message);
    }

    @Test
    void saysThatACheckoutCannotBeWritten() throws Exception {
        built();
        // Root may write to any folder; a file in its place stops everybody.
        Files.createFile(checkout.resolve(".millrace"));
        assertFails(checkout + "/.millrace cannot be written; name a folder of yours");
    }
}
