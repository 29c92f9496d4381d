package dev.millrace.producer.generate;

import java.util.SplittableRandom;

/** Where one thing is, and how it moves from there. */
interface Way {
    /** Metres of a degree of latitude, on a sphere of the earth's mean radius. */
    double METRES_OF_A_DEGREE = Math.toRadians(6_371_009);

    /** Another thing's way, in the same streets or along the same points. */
    Way another();

    /** Places it where things begin. */
    void begin(SplittableRandom random);

    /**
     * Chooses where to go from here.
     *
     * @return how far that is, in metres; 0 where there is nowhere else
     */
    double setOut(SplittableRandom random);

    /**
     * Moves towards there.
     *
     * @return the metres that are left over after arrival
     */
    double walk(double metres, SplittableRandom random);

    /** In degrees. */
    double longitude();

    /** In degrees. */
    double latitude();
}
