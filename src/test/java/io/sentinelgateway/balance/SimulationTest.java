package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ten targets, one of them three times slower than the others, and the figures of
 * docs/explanation/balancing.md. {@code -Dregenerate=true} draws them anew.
 */
class SimulationTest {

  private static final Path IMAGES = Path.of("docs/explanation/images");
  private static final double SLOWER = 3;

  private static final List<String> COMPARED =
      List.of(
          "round-robin",
          "random",
          "maglev",
          "weighted-least-requests",
          "least-requests",
          "power-of-two-choices",
          "peak-ewma",
          "adaptive");

  /** The 99th percentile in milliseconds when all are quick, and when one is slow. */
  private static final Map<String, double[]> P99 = new LinkedHashMap<>();

  @BeforeAll
  static void simulate() {
    for (String word : COMPARED) {
      LoadBalancer balancer = Balancing.balancer(word);
      P99.put(
          word,
          new double[] {Simulation.p99Millis(balancer, 1), Simulation.p99Millis(balancer, SLOWER)});
    }
  }

  private static double timesSlower(String word) {
    return P99.get(word)[1] / P99.get(word)[0];
  }

  @ParameterizedTest
  @ValueSource(strings = {"least-requests", "power-of-two-choices", "peak-ewma", "adaptive"})
  void whoLooksAtTheTargetsHidesTheSlowOne(String word) {
    assertThat(timesSlower(word)).isLessThanOrEqualTo(1.3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"round-robin", "random", "maglev"})
  void whoDoesNotLookSuffers(String word) {
    assertThat(timesSlower(word)).isGreaterThan(10);
  }

  @Test
  void slowTargetIsDrawn() throws IOException {
    BarChart chart =
        new BarChart(
            "One of ten targets is three times slower: time that 99 % of the requests stay below",
            List.of("all alike", "one slow"), 10, 100_000, true);
    P99.forEach((word, millis) -> chart.add(word, "%.0f ms", millis));
    assertFresh("balancing-slow-target.svg", chart);
  }

  @Test
  void movedKeysAreDrawn() throws IOException {
    BarChart chart =
        new BarChart(
            "One target goes: keys that move, as a multiple of those that must",
            List.of("of 10 targets", "of 100 targets"),
            0,
            2,
            false);
    for (String word : List.of("ring-hash", "maglev", "rendezvous")) {
      chart.add(
          word, "%.2f", MovedKeys.timesTheLeast(word, 10), MovedKeys.timesTheLeast(word, 100));
    }
    assertFresh("balancing-moved-keys.svg", chart);
  }

  @Test
  void sharesAreDrawn() throws IOException {
    BarChart chart =
        new BarChart(
            "Weights 5, 3, 2: by how much the worst share differs from its weight",
            List.of("one request at a time", "20 in flight"),
            0,
            12,
            false);
    for (String word : Balancing.words().subList(0, 12)) {
      chart.add(word, "%.1f %%", error(word, 1), error(word, 20));
    }
    assertFresh("balancing-shares.svg", chart);
  }

  private static double error(String word, int inFlight) {
    List<Target> targets = Balancing.targets(5, 3, 2);
    Picker picker = Balancing.balancer(word).picker(targets);
    return 100 * Shares.error(Shares.of(picker, 200_000, inFlight), targets);
  }

  private static void assertFresh(String name, BarChart chart) throws IOException {
    Path file = IMAGES.resolve(name);
    if (Boolean.getBoolean("regenerate")) {
      Files.createDirectories(IMAGES);
      Files.writeString(file, chart.svg());
    }
    assertThat(file)
        .as("stale; run mvn test -Dtest=SimulationTest -Dregenerate=true")
        .hasContent(chart.svg());
  }
}
