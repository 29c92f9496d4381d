package dev.millrace.api.place;

import com.uber.h3core.H3Core;
import com.uber.h3core.util.LatLng;

import java.io.IOException;

/**
 * The H3 grid at one resolution. Its library is native code that is unpacked into the folder for
 * temporary files.
 */
public final class HexGrid {
    private final H3Core h3;
    private final int resolution;

    private HexGrid(H3Core h3, int resolution) {
        this.h3 = h3;
        this.resolution = resolution;
    }

    /**
     * A grid.
     *
     * @param resolution 0 to 15
     * @throws IllegalStateException where this machine cannot run the library
     */
    public static HexGrid of(int resolution) {
        try {
            return new HexGrid(H3Core.newInstance(), resolution);
        } catch (IOException | LinkageError | UnsupportedOperationException e) {
            throw new IllegalStateException(
                    "H3 cells cannot be computed here, for its library does not load: make "
                            + System.getProperty("java.io.tmpdir")
                            + " a folder that can be written to and run from, or leave out cells",
                    e);
        }
    }

    /** A position in degrees. */
    public record Center(double longitude, double latitude) {}

    /** The cell of a position in degrees. */
    long cell(double longitude, double latitude) {
        return h3.latLngToCell(latitude, longitude, resolution);
    }

    /** The middle of a cell. */
    public Center center(String cell) {
        LatLng middle = h3.cellToLatLng(cell);
        return new Center(middle.lng, middle.lat);
    }

    /** A cell as H3 writes it: in hexadecimal. */
    public static String text(long cell) {
        return Long.toHexString(cell);
    }
}
