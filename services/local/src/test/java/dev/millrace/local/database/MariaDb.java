package dev.millrace.local.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** MariaDB with a binlog of rows: the one that is installed. */
final class MariaDb extends Database {
    private static final List<String> BINLOG =
            List.of("--log-bin=bin", "--binlog-format=ROW", "--server-id=1");

    private String password = ROOT_PASSWORD;

    MariaDb(Path folder) throws IOException {
        super(folder);
    }

    @Override
    String prepare() throws IOException, InterruptedException {
        if (program("mariadbd") == null) {
            return "tables captured from MariaDB. Install it (Debian: apt-get install mariadb-server)";
        }
        password = "";
        // in the script's folder, which is in the path of the system's users alone
        run(
                "mariadb-install-db",
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--datadir=" + folder.resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db");
        return null;
    }

    @Override
    List<String> command() {
        return MySql.with(
                List.of(
                        program("mariadbd"),
                        "--no-defaults",
                        "--user=" + System.getProperty("user.name"),
                        "--datadir=" + folder.resolve("data"),
                        "--socket=" + MySql.socket(port),
                        "--pid-file=" + folder.resolve("pid"),
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--innodb-buffer-pool-size=32M"),
                BINLOG);
    }

    @Override
    List<String> containerCommand() {
        return MySql.with(
                List.of(
                        "--publish=127.0.0.1:" + port + ":3306",
                        "--env=MARIADB_ROOT_PASSWORD=" + ROOT_PASSWORD,
                        "mariadb:11"),
                BINLOG);
    }

    @Override
    String address() {
        return addressOf("");
    }

    @Override
    String addressOf(String database) {
        return MySql.address(port, database, password);
    }
}
