package dev.millrace.local.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** PostgreSQL with logical decoding: the one that an artifact for tests carries. */
final class PostgreSql extends Database {
    private static final String ARCHIVE = "postgres-linux-x86_64.txz";

    private Path programs;

    PostgreSql(Path folder) throws IOException {
        super(folder);
    }

    @Override
    String prepare() throws IOException, InterruptedException {
        programs = Archive.unpacked(ARCHIVE);
        if (programs == null) {
            return "tables captured from PostgreSQL: there is one for Linux on amd64";
        }
        if (isRoot() && !answers("unshare", "--user", "true")) {
            return "tables captured from PostgreSQL, which does not run as root. Test as another user, or where unshare --user is allowed";
        }
        Path password = Files.writeString(folder.resolve("password"), ROOT_PASSWORD);
        run(
                asNobody(
                                List.of(
                                        programs.resolve("bin/initdb").toString(),
                                        "--pgdata=" + data(),
                                        "--username=postgres",
                                        "--pwfile=" + password.toAbsolutePath(),
                                        "--auth=scram-sha-256",
                                        "--encoding=UTF8",
                                        "--no-locale",
                                        "--no-sync"))
                        .toArray(String[]::new));
        return null;
    }

    private String data() {
        return folder.resolve("data").toAbsolutePath().toString();
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** It refuses to be root; in a namespace of its own it is not, and its files are its own. */
    private static List<String> asNobody(List<String> command) {
        List<String> all = new ArrayList<>(isRoot() ? List.of("unshare", "--user") : List.of());
        all.addAll(command);
        return all;
    }

    @Override
    List<String> command() {
        return asNobody(
                List.of(
                        programs.resolve("bin/postgres").toString(),
                        "-D",
                        data(),
                        "-p",
                        Integer.toString(port),
                        "--listen_addresses=127.0.0.1",
                        "--unix_socket_directories=",
                        "--wal_level=logical"));
    }

    @Override
    List<String> containerCommand() {
        return List.of(
                "--publish=127.0.0.1:" + port + ":5432",
                "--env=POSTGRES_PASSWORD=" + ROOT_PASSWORD,
                "postgres:18",
                "postgres",
                "--wal_level=logical");
    }

    @Override
    String stopSignal() {
        return "INT";
    }

    @Override
    String address() {
        return addressOf("postgres");
    }

    @Override
    String addressOf(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres&password=%s"
                .formatted(port, database, ROOT_PASSWORD);
    }
}
