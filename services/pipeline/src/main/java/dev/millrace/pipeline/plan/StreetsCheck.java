package dev.millrace.pipeline.plan;

import dev.millrace.pipeline.resource.GeneratorSpec.PathSpec;
import dev.millrace.pipeline.resource.GeneratorSpec.StreetsSpec;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the streets or way-points that synthetic events move along. */
record StreetsCheck(Read read, String path, PathSpec way) {
    private static final Pattern SPEED =
            Pattern.compile(
                    "([0-9]{1,4}(?:\\.[0-9]{1,3})?)(?:\\.\\.([0-9]{1,4}(?:\\.[0-9]{1,3})?))?");
    private static final Pattern POINT =
            Pattern.compile("(-?[0-9]{1,3}(?:\\.[0-9]{1,15})?) +(-?[0-9]{1,3}(?:\\.[0-9]{1,15})?)");
    private static final int MOST_POINTS = 1_000;
    private static final int MOST_STREETS = 1_000_000;
    private static final double LATITUDES = 85;
    private static final double LONGITUDES = 180;
    private static final double METRES_OF_A_DEGREE = 111_195;

    void check() {
        if (way.speed() != null) {
            speed(way.speed());
        }
        if (way.streets() != null) {
            streets(way.streets());
        }
        if (way.points() != null) {
            if (way.points().size() < 2 || way.points().size() > MOST_POINTS) {
                problem(
                        ".points",
                        "has " + way.points().size() + " points; write 2 to " + MOST_POINTS);
            }
            points(".points", way.points());
        }
        if (way.starts() != null) {
            if (way.streets() == null) {
                problem(".starts", "is for streets; points begin at the first one: leave it out");
            }
            if (way.starts().isEmpty() || way.starts().size() > MOST_POINTS) {
                problem(
                        ".starts",
                        "has " + way.starts().size() + " points; write 1 to " + MOST_POINTS);
            }
            points(".starts", way.starts());
        }
    }

    private void speed(String text) {
        Matcher speed = SPEED.matcher(text);
        if (!speed.matches()) {
            problem(".speed", "\"" + text + "\" is no speed; write km/h such as 20, or 15..30");
            return;
        }
        double least = Double.parseDouble(speed.group(1));
        if (least <= 0) {
            problem(".speed", text + " is out of bounds; write more than 0 km/h");
        } else if (speed.group(2) != null && least > Double.parseDouble(speed.group(2))) {
            problem(
                    ".speed",
                    "begins with the greater number; write "
                            + speed.group(2)
                            + ".."
                            + speed.group(1));
        }
    }

    private void streets(StreetsSpec streets) {
        boolean complete = degrees(".streets.west", streets.west(), LONGITUDES);
        complete &= degrees(".streets.south", streets.south(), LATITUDES);
        complete &= degrees(".streets.east", streets.east(), LONGITUDES);
        complete &= degrees(".streets.north", streets.north(), LATITUDES);
        int block = read.number(path + ".streets.block", streets.block(), 150, 10, 100_000);
        if (!complete) {
            return;
        }
        double height = (streets.north() - streets.south()) * METRES_OF_A_DEGREE;
        double width =
                (streets.east() - streets.west())
                        * METRES_OF_A_DEGREE
                        * Math.cos(Math.toRadians((streets.north() + streets.south()) / 2));
        if (width <= 0) {
            problem(".streets.west", "is not less than east; exchange the two");
        } else if (height <= 0) {
            problem(".streets.south", "is not less than north; exchange the two");
        } else if (width < block || height < block) {
            problem(
                    ".streets.block",
                    block + " is longer than the area is wide; write less, or a larger area");
        } else if (Math.max(width, height) / block > MOST_STREETS) {
            problem(".streets.block", block + " makes more than a million streets; write more");
        }
    }

    private boolean degrees(String at, Double degrees, double most) {
        String bounds = "write degrees from -" + (int) most + " to " + (int) most;
        if (degrees == null) {
            problem(at, "is missing; " + bounds);
            return false;
        }
        if (!(Math.abs(degrees) <= most)) {
            problem(at, degrees + " is out of bounds; " + bounds);
            return false;
        }
        return true;
    }

    private void points(String at, List<String> points) {
        for (int i = 0; i < points.size(); i++) {
            Matcher point = POINT.matcher(points.get(i) == null ? "" : points.get(i));
            if (!point.matches()) {
                problem(
                        at + "[" + i + "]",
                        "\""
                                + points.get(i)
                                + "\" is no point; write longitude and latitude, such as 12.47 41.89");
            } else if (Math.abs(Double.parseDouble(point.group(1))) > LONGITUDES
                    || Math.abs(Double.parseDouble(point.group(2))) > LATITUDES) {
                problem(
                        at + "[" + i + "]",
                        "\""
                                + points.get(i)
                                + "\" is out of bounds; write a longitude from -180 to 180, then a latitude from -85 to 85");
            } else if (at.equals(".starts") && way.streets() != null && !inside(point)) {
                problem(
                        at + "[" + i + "]",
                        "\"" + points.get(i) + "\" is outside the streets; move it, or widen them");
            }
        }
    }

    private boolean inside(Matcher point) {
        StreetsSpec streets = way.streets();
        return between(streets.west(), Double.parseDouble(point.group(1)), streets.east())
                && between(streets.south(), Double.parseDouble(point.group(2)), streets.north());
    }

    private static boolean between(Double least, double number, Double greatest) {
        return least == null || greatest == null || least <= number && number <= greatest;
    }

    private void problem(String at, String message) {
        read.problems().add(path + at, message);
    }
}
