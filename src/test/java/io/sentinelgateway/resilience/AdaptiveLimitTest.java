package io.sentinelgateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The limit before a simulated server: ten workers, a queue, more requests than it can do. */
class AdaptiveLimitTest {

  private static final AdaptiveRule RULE = new AdaptiveRule(2, 20, 1000, 0.5);
  private static final double MEAN_MILLIS = 20;

  private static double steady(RandomGenerator random) {
    return MEAN_MILLIS;
  }

  /** Exponential, and each hundredth answer takes fifty times as long. */
  private static double noisy(RandomGenerator random) {
    double usual = MEAN_MILLIS / 1.5;
    return random.nextInt(100) == 0 ? 50 * usual : random.nextExponential() * usual;
  }

  private static SimulatedServer server(ToDoubleFunction<RandomGenerator> service, int initial) {
    return new SimulatedServer(10, service, new AdaptiveRule(2, initial, 1000, 0.5));
  }

  @Test
  void convergesNearTheCapacity() {
    SimulatedServer server = server(AdaptiveLimitTest::steady, 20);
    server.run(20, 1000);
    SimulatedServer.Report report = server.run(60, 1000);

    assertThat(report.throughput()).isGreaterThan(500 * 0.95);
    assertThat(report.meanLimit()).isBetween(10.0, 25.0);
    assertThat(report.lowestLimit()).as("no dip to the floor").isGreaterThanOrEqualTo(5);
    assertThat(report.meanMillis()).isLessThan(2.2 * MEAN_MILLIS);
  }

  @Test
  void comesDownFromFarTooHigh() {
    SimulatedServer server = server(AdaptiveLimitTest::steady, 500);
    server.run(120, 1000);
    SimulatedServer.Report report = server.run(30, 1000);

    assertThat(report.meanLimit()).isBetween(10.0, 30.0);
    assertThat(report.throughput()).isGreaterThan(500 * 0.95);
  }

  @Test
  void growsFromFarTooLow() {
    SimulatedServer server = server(AdaptiveLimitTest::steady, 2);
    server.run(20, 1000);

    assertThat(server.run(30, 1000).throughput()).isGreaterThan(500 * 0.95);
  }

  @Test
  void doesNotCollapseWhenTimesScatter() {
    SimulatedServer server = server(AdaptiveLimitTest::noisy, 20);
    double possible = server.run(20, 2000).throughput();
    SimulatedServer.Report report = server.run(120, 2000);

    assertThat(report.throughput()).isGreaterThan(possible * 0.9);
    assertThat(report.meanLimit()).isBetween(8.0, 60.0);
    assertThat(report.lowestLimit()).isGreaterThan(RULE.minimum());
  }

  @Test
  void recoversAfterASlowdown() {
    SimulatedServer server = server(AdaptiveLimitTest::steady, 20);
    server.run(20, 1000);
    server.factor(4);
    SimulatedServer.Report slow = server.run(30, 1000);
    assertThat(slow.throughput()).as("of 125 a second").isGreaterThan(125 * 0.8);
    server.factor(1);
    server.run(10, 1000);
    SimulatedServer.Report report = server.run(30, 1000);

    assertThat(report.throughput()).isGreaterThan(500 * 0.95);
    assertThat(report.meanLimit()).isBetween(10.0, 25.0);
  }

  @Test
  void learnsNothingFromAnUpstreamThatHasLittleToDo() {
    SimulatedServer server = server(AdaptiveLimitTest::steady, 20);
    SimulatedServer.Report report = server.run(30, 50);

    assertThat(report.lowestLimit()).isEqualTo(20);
    assertThat(report.highestLimit()).isEqualTo(20);
    assertThat(report.refused()).isZero();
  }

  @Test
  void doesNotDriftUnderLastingOverload() {
    SimulatedServer server = server(AdaptiveLimitTest::steady, 20);
    double early = server.run(60, 2000).meanLimit();
    server.run(1200, 2000);
    double late = server.run(60, 2000).meanLimit();

    assertThat(late).isBetween(early * 0.7, early * 1.4);
  }
}
