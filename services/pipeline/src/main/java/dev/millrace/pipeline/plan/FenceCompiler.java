package dev.millrace.pipeline.plan;

import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;
import org.locationtech.jts.operation.valid.IsValidOp;
import org.locationtech.jts.operation.valid.TopologyValidationError;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes fences of their texts. */
record FenceCompiler(Problems problems) {
    private static final int LONGEST_NAME = 63;
    private static final String EXAMPLE =
            "write POLYGON((lon lat, lon lat, lon lat, lon lat)), the last point as the first";

    /** Looked at before anything is read, for a reader would follow nested collections down. */
    private static final Pattern AREA =
            Pattern.compile("\\s*(MULTI)?POLYGON\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    List<Fence> compile(String path, Map<String, String> texts) {
        if (texts.size() > Fence.MOST) {
            problems.add(
                    path,
                    "are " + texts.size() + "; keep at most " + Fence.MOST + ", or use cells");
        }
        List<Fence> fences = new ArrayList<>();
        texts.forEach(
                (name, text) -> {
                    Geometry area = area(path + "." + name, name, text);
                    if (area != null) {
                        fences.add(new Fence(name, area));
                    }
                });
        return List.copyOf(fences);
    }

    private Geometry area(String path, String name, String text) {
        if (name.isBlank() || name.length() > LONGEST_NAME) {
            problems.add(path, "needs a name of 1 to " + LONGEST_NAME + " characters");
            return null;
        }
        if (text == null || text.isBlank()) {
            problems.add(path, "is empty; " + EXAMPLE);
            return null;
        }
        if (!AREA.matcher(text).matches()) {
            problems.add(path, "is neither POLYGON nor MULTIPOLYGON (WKT); " + EXAMPLE);
            return null;
        }
        if (!endsWithItsBrackets(text)) {
            problems.add(path, "has brackets that do not match, or text after them; " + EXAMPLE);
            return null;
        }
        try {
            Geometry area = new WKTReader().read(text);
            if (area.isEmpty()) {
                problems.add(path, "has no points; " + EXAMPLE);
                return null;
            }
            return isOnEarth(path, area) && isValid(path, area) ? area : null;
        } catch (ParseException | IllegalArgumentException e) {
            problems.add(path, "cannot be read as WKT: " + e.getMessage() + "; " + EXAMPLE);
            return null;
        }
    }

    private static boolean endsWithItsBrackets(String text) {
        int depth = 0;
        boolean closed = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (closed && !Character.isWhitespace(c)) {
                return false;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            closed = closed || c == ')' && depth == 0;
        }
        return depth == 0;
    }

    private boolean isOnEarth(String path, Geometry area) {
        for (Coordinate point : area.getCoordinates()) {
            // written so that what is no number is refused too
            if (!(Math.abs(point.getX()) <= 180 && Math.abs(point.getY()) <= 90)) {
                problems.add(
                        path,
                        "has the point "
                                + text(point)
                                + ", which is out of bounds; write longitude -180..180 first, then latitude"
                                + " -90..90");
                return false;
            }
        }
        return true;
    }

    private boolean isValid(String path, Geometry area) {
        TopologyValidationError error = new IsValidOp(area).getValidationError();
        if (error != null) {
            problems.add(
                    path,
                    "is no area: "
                            + error.getMessage()
                            + " at "
                            + text(error.getCoordinate())
                            + "; mend it there");
        }
        return error == null;
    }

    private static String text(Coordinate point) {
        return number(point.getX()) + " " + number(point.getY());
    }

    private static String number(double number) {
        return Double.isFinite(number)
                ? BigDecimal.valueOf(number).stripTrailingZeros().toPlainString()
                : String.valueOf(number);
    }
}
