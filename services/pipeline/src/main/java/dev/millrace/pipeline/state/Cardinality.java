package dev.millrace.pipeline.state;

/**
 * How many different values the registers of a HyperLogLog stand for.
 *
 * <p>The estimate is that of O. Ertl, "New cardinality estimation algorithms for HyperLogLog
 * sketches" (2017), which needs no correction for small or large numbers.
 */
final class Cardinality {
    private static final double ALPHA = 0.5 / Math.log(2);

    private Cardinality() {}

    /**
     * The estimate.
     *
     * @param ofRank how many registers there are of each rank, from 0 on
     * @param count how many registers there are
     * @param most the largest rank but one, which is what the hash has no bit for
     */
    static long estimate(int[] ofRank, int count, int most) {
        double z = count * tau((count - ofRank[most + 1]) / (double) count);
        for (int rank = most; rank > 0; rank--) {
            z = (z + ofRank[rank]) * 0.5;
        }
        z += count * sigma(ofRank[0] / (double) count);
        return Math.round(ALPHA * count * count / z);
    }

    /** x and all x^(2^k) * 2^(k-1), added up. */
    private static double sigma(double x) {
        if (x == 1) {
            return Double.POSITIVE_INFINITY;
        }
        double power = x;
        double weight = 1;
        double sum = x;
        double before;
        do {
            before = sum;
            power *= power;
            sum += power * weight;
            weight += weight;
        } while (sum != before);
        return sum;
    }

    /** A third of 1 - x without all (1 - x^(2^-k))^2 * 2^-k. */
    private static double tau(double x) {
        if (x == 0 || x == 1) {
            return 0;
        }
        double root = x;
        double weight = 1;
        double sum = 1 - x;
        double before;
        do {
            before = sum;
            root = Math.sqrt(root);
            weight *= 0.5;
            sum -= (1 - root) * (1 - root) * weight;
        } while (sum != before);
        return sum / 3;
    }
}
