package dev.millrace.local.database;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** MySQL 8 as it is by default: the one that an artifact for tests carries. */
final class MySql extends Database {
    private static final String ARCHIVE = "mysql-Linux-amd64.tar.gz";

    private Path programs;
    private String password = ROOT_PASSWORD;

    MySql(Path folder) throws IOException {
        super(folder);
    }

    @Override
    String prepare() throws IOException, InterruptedException {
        programs = Archive.unpacked(ARCHIVE);
        if (programs == null || !answers(programs.resolve("bin/mysqld").toString(), "--version")) {
            return "tables captured from MySQL. Install what the MySQL of the tests needs (Debian 12 on amd64: apt-get install libaio1 libnuma1)";
        }
        password = "";
        run(with(common(), List.of("--initialize-insecure")).toArray(String[]::new));
        return null;
    }

    private List<String> common() {
        return List.of(
                programs.resolve("bin/mysqld").toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--basedir=" + programs,
                "--lc-messages-dir=" + programs.resolve("share"),
                "--datadir=" + folder.resolve("data").toAbsolutePath(),
                "--innodb-buffer-pool-size=32M");
    }

    @Override
    List<String> command() {
        return with(
                common(),
                List.of(
                        "--socket=" + socket(port),
                        "--pid-file=" + folder.resolve("pid").toAbsolutePath(),
                        "--port=" + port,
                        "--bind-address=127.0.0.1",
                        "--mysqlx=OFF"));
    }

    @Override
    List<String> containerCommand() {
        return List.of(
                "--publish=127.0.0.1:" + port + ":3306",
                "--env=MYSQL_ROOT_PASSWORD=" + ROOT_PASSWORD,
                "mysql:8.4");
    }

    @Override
    String address() {
        return addressOf("");
    }

    @Override
    String addressOf(String database) {
        return address(port, database, password);
    }

    /** What MySQL's own driver takes, which knows MariaDB too. */
    static String address(int port, String database, String password) {
        return "jdbc:mysql://127.0.0.1:%d/%s?user=root&password=%s&allowPublicKeyRetrieval=true&sslMode=DISABLED"
                .formatted(port, database, password);
    }

    /** Sockets have short names, and folders of tests have long ones. */
    static String socket(int port) {
        return "/tmp/millrace-" + port + ".sock";
    }

    static List<String> with(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
