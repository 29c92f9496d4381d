package dev.millrace.producer.generate;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/**
 * Draws an index by weight, at the same cost for any number of them: every index shares its equal
 * part of the whole with at most one other (the alias method).
 */
final class WeightedChoice {
    private final int[] other;
    // How much of each part is its own index's, as a fraction of 2^32.
    private final long[] own;

    /**
     * A choice by weights.
     *
     * @param weights at least one; none negative, not all 0
     */
    WeightedChoice(double[] weights) {
        int n = weights.length;
        other = new int[n];
        own = new long[n];
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double[] part = new double[n];
        Deque<Integer> poor = new ArrayDeque<>();
        Deque<Integer> rich = new ArrayDeque<>();
        for (int i = 0; i < n; i++) {
            part[i] = weights[i] / sum * n;
            (part[i] < 1 ? poor : rich).add(i);
        }
        while (!poor.isEmpty() && !rich.isEmpty()) {
            int small = poor.remove();
            int large = rich.remove();
            own[small] = (long) (part[small] * 0x1p32);
            other[small] = large;
            part[large] -= 1 - part[small];
            (part[large] < 1 ? poor : rich).add(large);
        }
        // What is left differs from a whole part by rounding only.
        poor.forEach(this::keepWhole);
        rich.forEach(this::keepWhole);
    }

    /** A choice of falling popularity: the k-th weighs k to the power of -skew. */
    static WeightedChoice zipf(int count, double skew) {
        double[] weights = new double[count];
        for (int i = 0; i < count; i++) {
            weights[i] = Math.pow(i + 1.0, -skew);
        }
        return new WeightedChoice(weights);
    }

    private void keepWhole(int index) {
        own[index] = 1L << 32;
        other[index] = index;
    }

    int draw(SplittableRandom random) {
        long bits = random.nextLong();
        int index = (int) ((bits >>> 32) * own.length >>> 32);
        return (bits & 0xFFFFFFFFL) < own[index] ? index : other[index];
    }
}
