package dev.millrace.pipeline.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class FenceTest {
    private static List<Fence> fences(Map<String, String> texts) {
        Problems problems = new Problems();
        List<Fence> fences = new FenceCompiler(problems).compile("fences", texts);
        problems.throwIfAny();
        return fences;
    }

    private static Fence fence(String text) {
        return fences(Map.of("a", text)).getFirst();
    }

    @Test
    void edgesBelongToItAndHolesDoNot() {
        Fence fence =
                fence(
                        "MULTIPOLYGON(((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 3 1, 3 3, 1 3, 1 1)),"
                                + " ((-180 -90, -179 -90, -179 -89, -180 -90)))");

        assertThat(fence.contains(0.5, 0.5)).isTrue();
        assertThat(fence.contains(0, 2)).isTrue();
        assertThat(fence.contains(4, 4)).isTrue();
        assertThat(fence.contains(1, 2)).isTrue();
        assertThat(fence.contains(2, 2)).isFalse();
        assertThat(fence.contains(4.000001, 4)).isFalse();
        assertThat(fence.contains(-180, -90)).isTrue();
        assertThat(fence.contains(180, -90)).isFalse();
        assertThat(fence.coordinates()).hasSize(2);
        assertThat(fence.coordinates().getFirst()).hasSize(2);
        assertThat(fence.coordinates().getLast().getFirst().get(1)).containsExactly(-179.0, -90.0);
    }

    @Test
    void positionsAreInsideAsCountingCrossingsSays() {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            double[][] star = star(random, 5 + random.nextInt(60));
            StringBuilder text = new StringBuilder("POLYGON((");
            for (double[] point : star) {
                text.append(point[0]).append(' ').append(point[1]).append(", ");
            }
            text.append(star[0][0]).append(' ').append(star[0][1]).append("))");
            Fence fence = fence(text.toString());
            for (int i = 0; i < 500; i++) {
                double lon = random.nextDouble(8, 17);
                double lat = random.nextDouble(37, 46);
                assertThat(fence.contains(lon, lat))
                        .as("%s %s in %s", lon, lat, text)
                        .isEqualTo(isInside(star, lon, lat));
            }
        }
    }

    /** No two edges cross, for the corners go round the middle. */
    private static double[][] star(Random random, int corners) {
        double[][] star = new double[corners][];
        for (int i = 0; i < corners; i++) {
            double angle = 2 * Math.PI * i / corners;
            double size = random.nextDouble(0.5, 4);
            star[i] = new double[] {12.5 + size * Math.cos(angle), 41.9 + size * Math.sin(angle)};
        }
        return star;
    }

    private static boolean isInside(double[][] ring, double x, double y) {
        boolean inside = false;
        for (int i = 0, j = ring.length - 1; i < ring.length; j = i++) {
            double[] a = ring[i];
            double[] b = ring[j];
            if (a[1] > y != b[1] > y && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]) {
                inside = !inside;
            }
        }
        return inside;
    }

    @Test
    void emptyPartsAreLeftOut() {
        Fence fence = fence("MULTIPOLYGON(EMPTY, ((0 0, 1 0, 1 1, 0 0), EMPTY))");

        assertThat(fence.coordinates()).hasSize(1);
        assertThat(fence.coordinates().getFirst()).hasSize(1);
        assertThat(fence.contains(0.5, 0.25)).isTrue();
    }

    @Test
    void areEqualWhenTheyAreTheSameArea() {
        assertThat(fence("POLYGON((0 0, 1 0, 1 1, 0 0))"))
                .isEqualTo(fence(" polygon ((0 0,1.0 0,1 1,0 0))"))
                .isNotEqualTo(fence("POLYGON((0 0, 1 0, 1 2, 0 0))"));
    }

    @Test
    void moreThanAreCountedForEachRowAreRefused() {
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i <= Fence.MOST; i++) {
            texts.put("f" + i, "POLYGON((0 0, 1 0, 1 1, 0 0))");
        }
        assertThatThrownBy(() -> fences(texts))
                .hasMessageContaining("fences: are 65; keep at most 64");
    }
}
