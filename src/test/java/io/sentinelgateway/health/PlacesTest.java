package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many checks are under way at once. */
class PlacesTest {

  private final Places places = new Places(2);
  private final List<String> begun = new ArrayList<>();

  @Test
  void letsTheOthersWaitInTurn() {
    for (String name : List.of("a", "b", "c", "d")) {
      places.take(() -> begun.add(name));
    }
    assertThat(begun).containsExactly("a", "b");
    places.leave();
    assertThat(begun).containsExactly("a", "b", "c");
    places.leave();
    places.leave();
    places.leave();
    assertThat(begun).hasSize(4);
    assertThat(places.taken()).isZero();
  }

  @Test
  void passesOverThousandsThatDoNotWantItAnyMore() {
    places.take(() -> begun.add("a"));
    places.take(() -> begun.add("b"));
    for (int i = 0; i < 100_000; i++) {
      places.take(places::leave);
    }
    places.take(() -> begun.add("c"));
    places.leave();
    assertThat(begun).containsExactly("a", "b", "c");
    assertThat(places.taken()).isEqualTo(2);
  }
}
