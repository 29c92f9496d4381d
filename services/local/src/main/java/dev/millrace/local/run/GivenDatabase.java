package dev.millrace.local.run;

import dev.millrace.local.CommandFailure;
import dev.millrace.pipeline.capture.CapturedDatabase;
import dev.millrace.pipeline.plan.DatabasePlan;
import dev.millrace.pipeline.plan.Plan;
import dev.millrace.pipeline.resource.TableSpec.Engine;
import dev.millrace.pipeline.resource.TableSpec.Tls;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A database that a local run captures tables from: where the manifest names one, the environment
 * says where it is on this machine, and who reads it.
 *
 * @param database what the manifest says, with host, port and TLS of the environment
 * @param username the user's name
 * @param password the password
 */
record GivenDatabase(DatabasePlan database, String username, String password) {
    private static final String TLS = "tls=";

    /** The name of the variable that says where a database is: {@code MILLRACE_SHOP_URL}. */
    static String variable(DatabasePlan database) {
        return "MILLRACE_"
                + database.database().toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")
                + "_URL";
    }

    /** What such a variable holds. */
    static String example(DatabasePlan database) {
        return database.engine() + "://USER:PASSWORD@HOST:" + database.port();
    }

    /**
     * The databases of a plan that the environment gives, by what the manifest says of them.
     *
     * @throws CommandFailure where a variable is not right
     */
    static Map<DatabasePlan, GivenDatabase> of(Plan plan, Map<String, String> environment) {
        Map<DatabasePlan, GivenDatabase> given = new LinkedHashMap<>();
        for (CapturedDatabase captured : CapturedDatabase.of("local", plan)) {
            String variable = variable(captured.database());
            String url = environment.get(variable);
            if (url != null && !url.isBlank()) {
                given.put(captured.database(), read(captured.database(), variable, url.strip()));
            }
        }
        return given;
    }

    private static GivenDatabase read(DatabasePlan declared, String variable, String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException e) {
            // the address is not told: it has the password
            throw wrong(declared, variable, "is no address", "; write % and others in it as %25");
        }
        if (!declared.engine().name().equals(url.getScheme())
                && !(declared.engine() == Engine.postgresql
                        && "postgres".equals(url.getScheme()))) {
            throw wrong(
                    declared,
                    variable,
                    "is of " + url.getScheme() + ", and the manifest says " + declared.engine(),
                    "");
        }
        if (url.getHost() == null) {
            throw wrong(declared, variable, "names no host", "");
        }
        String user = url.getRawUserInfo();
        int colon = user == null ? -1 : user.indexOf(':');
        if (colon < 1) {
            throw wrong(declared, variable, "names no user with a password", "");
        }
        String path = url.getPath() == null ? "" : url.getPath().replaceFirst("^/", "");
        if (!path.isEmpty() && !path.equals(declared.database())) {
            throw wrong(
                    declared,
                    variable,
                    "names the database " + path + ", and the manifest says " + declared.database(),
                    "");
        }
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        return new GivenDatabase(
                new DatabasePlan(
                        declared.engine(),
                        host,
                        url.getPort() == -1 ? DatabasePlan.port(declared.engine()) : url.getPort(),
                        declared.database(),
                        declared.secret(),
                        tls(declared, variable, url.getQuery(), host),
                        declared.prefix()),
                decoded(user.substring(0, colon)),
                decoded(user.substring(colon + 1)));
    }

    /** As the address says; else none on this machine, and elsewhere as the manifest says. */
    private static Tls tls(DatabasePlan declared, String variable, String query, String host) {
        if (query == null) {
            return isHere(host) ? Tls.disable : declared.tls();
        }
        for (Tls tls : Tls.values()) {
            if (query.equals(TLS + tls)) {
                return tls;
            }
        }
        throw wrong(
                declared,
                variable,
                "ends with ?" + query,
                "?tls=disable, ?tls=require or ?tls=verify");
    }

    private static boolean isHere(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static CommandFailure wrong(
            DatabasePlan database, String variable, String what, String more) {
        return new CommandFailure(variable + " " + what + "; write " + example(database) + more, 2);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return database.toString();
    }
}
