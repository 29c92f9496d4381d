package dev.millrace.producer.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.pipeline.resource.GeneratorSpec.StreetsSpec;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.SplittableRandom;

class WayTest {
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void streetsAreWalkedWithoutADetour() {
        Way way = new StreetWay(new StreetsSpec(12.4, 41.8, 12.5, 41.9, 100), null).another();
        way.begin(random);
        for (int trip = 0; trip < 200; trip++) {
            double fromLongitude = way.longitude();
            double fromLatitude = way.latitude();
            double metres = way.setOut(random);
            assertThat(metres).isGreaterThanOrEqualTo(99);
            double walked = 0;
            double left = 0;
            while (left == 0) {
                double longitude = way.longitude();
                double latitude = way.latitude();
                left = way.walk(37, random);
                walked += 37 - left;
                assertThat(PointWay.distance(longitude, latitude, way.longitude(), way.latitude()))
                        .isLessThan(37.1);
            }
            assertThat(walked).isCloseTo(metres, within(0.01));
            // As far as the difference in both directions.
            double east = PointWay.distance(fromLongitude, 41.85, way.longitude(), 41.85);
            double north =
                    PointWay.distance(fromLongitude, fromLatitude, fromLongitude, way.latitude());
            assertThat(east + north).isCloseTo(metres, within(1.0));
        }
    }

    @Test
    void aWayThatIsNotOverGoesOn() {
        Way way = new StreetWay(new StreetsSpec(0.0, 0.0, 0.1, 0.1, null), List.of("0.05 0.05"));
        way.begin(random);
        assertThat(PointWay.distance(way.longitude(), way.latitude(), 0.05, 0.05)).isLessThan(107);
        double metres = way.setOut(random);
        assertThat(way.walk(70, random)).isZero();
        assertThat(way.setOut(random)).isCloseTo(metres - 70, within(0.01));
        assertThat(way.walk(metres, random)).isCloseTo(70, within(0.01));
        // It stays where it arrived.
        double longitude = way.longitude();
        assertThat(way.walk(50, random)).isEqualTo(50);
        assertThat(way.longitude()).isEqualTo(longitude);
    }

    @Test
    void pointsAreWalkedForthAndBack() {
        Way way = new PointWay(List.of("12.0 0", "12.01 0", "12.01 0.01")).another();
        way.begin(random);
        double degree = Way.METRES_OF_A_DEGREE;
        assertThat(way.setOut(random)).isCloseTo(0.02 * degree, within(0.01));
        way.walk(0.005 * degree, random);
        assertThat(way.longitude()).isCloseTo(12.005, within(1e-7));
        way.walk(0.01 * degree, random);
        assertThat(way.longitude()).isCloseTo(12.01, within(1e-7));
        assertThat(way.latitude()).isCloseTo(0.005, within(1e-7));
        assertThat(way.walk(0.01 * degree, random)).isCloseTo(0.005 * degree, within(0.01));
        assertThat(way.latitude()).isEqualTo(0.01);
        assertThat(way.setOut(random)).isCloseTo(0.02 * degree, within(0.01));
        way.walk(0.015 * degree, random);
        assertThat(way.longitude()).isCloseTo(12.005, within(1e-7));
        assertThat(way.latitude()).isZero();
        assertThat(way.walk(degree, random)).isPositive();
        assertThat(way.longitude()).isEqualTo(12.0);
    }

    @Test
    void pointsOfOnePlaceLeadNowhere() {
        Way way = new PointWay(List.of("5 5", "5 5"));
        way.begin(random);
        assertThat(way.setOut(random)).isZero();
        assertThat(way.walk(10, random)).isEqualTo(10);
        assertThat(way.latitude()).isEqualTo(5);
    }
}
