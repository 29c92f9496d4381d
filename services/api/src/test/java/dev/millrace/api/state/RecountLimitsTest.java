package dev.millrace.api.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.api.window.Snapshot;
import dev.millrace.api.window.Snapshot.State;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.util.Map;

/** What is too much to be counted again at once is told. */
class RecountLimitsTest {
    @RegisterExtension final RecordedShop shop = new RecordedShop();

    @Test
    void whatIsTooMuchAtOnceIsCountedInSmallerPartsThatAreTold() throws Exception {
        shop.begin("wall");
        shop.send(50);
        Snapshot known = shop.known(State.live);
        Recounting recounting = shop.recounting(known, shop.read(), 1_000_000, 10_000);
        shop.send(3_000);
        Recounting.Outcome outcome = recounting.pass(known);
        assertThat(outcome.obstacle()).contains("more than 10000 groups");
        for (int i = 0; i < 30 && outcome.obstacle() != null; i++) {
            outcome = recounting.pass(known);
        }
        assertThat(outcome.obstacle()).isNull();
        assertThat(RecordedShop.told(outcome.snapshot().orElseThrow()))
                .isEqualTo(RecordedShop.told(shop.plain()));
    }

    @Test
    void whatIsTooMuchIsSaidAndNothingIsAnswered() throws Exception {
        shop.begin("wall");
        shop.send(60);
        Recounting.Outcome outcome =
                shop.recounting(shop.known(State.waiting), Map.of(), 50)
                        .pass(shop.known(State.waiting));
        assertThat(outcome.snapshot()).isEmpty();
        assertThat(outcome.obstacle()).contains("more than 50 of them");
    }
}
