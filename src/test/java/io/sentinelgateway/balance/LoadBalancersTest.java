package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules that look at what targets have to do, and at how they did it. */
class LoadBalancersTest {

  private static final long MILLI = 1_000_000;

  private final SimulatedLoop loop = new SimulatedLoop(1);

  private Asked anyone() {
    return Asked.from(1, loop);
  }

  /** A request that took so long. */
  private void request(Target target, long millis, Outcome outcome) {
    Lease lease = new Lease(target, loop.nanos);
    loop.nanos += millis * MILLI;
    lease.answered(loop.nanos);
    lease.release(outcome, loop.nanos);
  }

  /** How many of a thousand picks fall on this target. */
  private long picks(Picker picker, Target target) {
    long count = 0;
    for (int i = 0; i < 1000; i++) {
      count += target.equals(picker.pick(anyone())) ? 1 : 0;
    }
    return count;
  }

  @Test
  void takesTheLeastLoadedForItsWeight() {
    List<Target> targets = Balancing.targets(1, 4);
    Picker picker = Balancing.balancer("least-requests").picker(targets);
    new Lease(targets.get(0), 0);
    for (int i = 0; i < 3; i++) {
      new Lease(targets.get(1), 0);
    }
    // 3/4 is less than 1/1.
    assertThat(picker.pick(anyone())).isSameAs(targets.get(1));
    new Lease(targets.get(1), 0);
    new Lease(targets.get(1), 0);
    assertThat(picker.pick(anyone())).isSameAs(targets.get(0));
  }

  @Test
  void spreadsTheTurnsOfAHeavyTarget() {
    List<Target> targets = Balancing.targets(5, 1, 1);
    Picker picker = Balancing.balancer("round-robin").picker(targets);
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      order.append((char) ('a' + targets.indexOf(picker.pick(anyone()))));
    }
    assertThat(order.toString()).isEqualTo("aabacaaaabacaa");
  }

  @Test
  void biasDecidesHowMuchLoadCounts() {
    List<Target> targets = Balancing.equalTargets(2);
    Target busy = targets.get(0);
    for (int i = 0; i < 3; i++) {
      new Lease(busy, 0);
    }
    assertThat(picks(weighted("0", targets), busy)).isBetween(450L, 550L);
    assertThat(picks(weighted("1", targets), busy)).isBetween(150L, 250L);
    assertThat(picks(weighted("4", targets), busy)).isLessThan(20);
  }

  private static Picker weighted(String bias, List<Target> targets) {
    return Balancing.of("type: weighted-least-requests, bias: " + bias).picker(targets);
  }

  @Test
  void ofTwoChoicesTakesTheLessLoaded() {
    List<Target> targets = Balancing.equalTargets(2);
    new Lease(targets.get(0), 0);
    Picker picker = Balancing.balancer("power-of-two-choices").picker(targets);
    assertThat(picks(picker, targets.get(0))).isLessThan(20);
  }

  @Test
  void avoidsASlowTargetAndComesBackWhenItIsForgotten() {
    List<Target> targets = Balancing.equalTargets(3);
    targets.forEach(target -> request(target, 10, Outcome.SUCCESS));
    Target slow = targets.get(0);
    request(slow, 500, Outcome.SUCCESS);
    Picker picker = Balancing.of("type: peak-ewma, decay: 10s").picker(targets);
    assertThat(picks(picker, slow)).isLessThan(20);
    for (int second = 0; second < 60; second++) {
      loop.nanos += 1000 * MILLI;
      request(targets.get(1), 10, Outcome.SUCCESS);
      request(targets.get(2), 10, Outcome.SUCCESS);
    }
    assertThat(picks(picker, slow)).isGreaterThan(300);
  }

  @Test
  void aTargetThatRefusesQuicklyIsNotAQuickOne() {
    List<Target> targets = Balancing.equalTargets(2);
    Target refusing = targets.get(0);
    targets.forEach(target -> request(target, 20, Outcome.SUCCESS));
    for (int i = 0; i < 50; i++) {
      request(refusing, 1, Outcome.FAILURE);
      request(targets.get(1), 20, Outcome.SUCCESS);
    }
    Picker adaptive = Balancing.balancer("adaptive").picker(targets);
    assertThat(picks(adaptive, refusing)).isLessThan(50);
    long now = loop.nanos;
    long decay = 10_000 * MILLI;
    assertThat(refusing.state().averages().latencyNanos(now, decay)).isGreaterThan(15 * MILLI);
  }

  @Test
  void aNewTargetThatRefusesDoesNotDrawAllRequests() {
    List<Target> targets = Balancing.equalTargets(2);
    request(targets.get(0), 10, Outcome.SUCCESS);
    request(targets.get(1), 0, Outcome.FAILURE);
    assertThat(picks(Balancing.balancer("peak-ewma").picker(targets), targets.get(1)))
        .isLessThan(20);
  }

  @Test
  void aTargetWithoutAnAnswerYetGetsOneRequestBeforeOthers() {
    List<Target> targets = Balancing.equalTargets(2);
    request(targets.get(0), 10, Outcome.SUCCESS);
    Picker picker = Balancing.balancer("peak-ewma").picker(targets);
    assertThat(picks(picker, targets.get(1))).isGreaterThan(980);
    new Lease(targets.get(1), loop.nanos);
    assertThat(picks(picker, targets.get(1))).isLessThan(20);
  }

  @Test
  void countsTokensInsteadOfRequests() {
    List<Target> targets = Balancing.equalTargets(2);
    Picker picker = Balancing.balancer("least-tokens").picker(targets);
    Lease book = new Lease(targets.get(0), 0, 100_000);
    Set<Target> pages = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Target picked = picker.pick(anyone());
      pages.add(picked);
      new Lease(picked, 0, 500);
    }
    assertThat(pages).containsExactly(targets.get(1));
    book.release(Outcome.IGNORED, 0);
    assertThat(picker.pick(anyone())).isSameAs(targets.get(0));
  }
}
