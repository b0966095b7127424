package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every load balancer promises, whatever its rule. */
class BalancerContractTest {

  private final SimulatedLoop loop = new SimulatedLoop(1);
  private int client;

  static Stream<String> words() {
    return Balancing.words().stream();
  }

  private Picker picker(String word, List<Target> targets) {
    return Balancing.balancer(word).picker(targets);
  }

  /** Another client each time. */
  private Asked anyone() {
    return Asked.from(client++ * 7919, loop);
  }

  @ParameterizedTest
  @MethodSource("words")
  void neverPicksATargetThatIsNotEligible(String word) {
    List<Target> targets = Balancing.targets(3, 1, 2, 1);
    Picker picker = picker(word, targets);
    for (int excluded = 0; excluded < 15; excluded++) {
      int mask = excluded;
      for (int i = 0; i < 50; i++) {
        Target picked = picker.pick(anyone().among(t -> (mask & 1 << targets.indexOf(t)) == 0));
        assertThat(mask & 1 << targets.indexOf(picked)).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("words")
  void picksNothingWhenNothingIsEligible(String word) {
    assertThat(picker(word, Balancing.targets(1, 2)).pick(anyone().among(t -> false))).isNull();
    assertThat(picker(word, Balancing.equalTargets(50)).pick(anyone().among(t -> false))).isNull();
  }

  @ParameterizedTest
  @MethodSource("words")
  void picksNothingFromNothing(String word) {
    Picker picker = picker(word, List.of());
    assertThat(picker.pick(anyone())).isNull();
    assertThat(picker.pick(anyone())).isNull();
  }

  @ParameterizedTest
  @MethodSource("words")
  void findsTheOnlyEligibleOneOfMany(String word) {
    List<Target> targets = Balancing.equalTargets(200);
    Picker picker = picker(word, targets);
    for (Target only : List.of(targets.get(0), targets.get(99), targets.get(199))) {
      assertThat(picker.pick(anyone().among(only::equals))).isSameAs(only);
    }
  }

  @ParameterizedTest
  @MethodSource("words")
  void honoursWeightsWhileRequestsPileUp(String word) {
    List<Target> targets = Balancing.targets(5, 3, 2);
    Picker picker = picker(word, targets);
    Map<Target, Integer> picks = new HashMap<>();
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Target picked = picker.pick(anyone());
      leases.add(new Lease(picked, loop.nanos, 1));
      picks.merge(picked, 1, Integer::sum);
    }
    assertThat(Shares.error(picks, targets)).isLessThan(0.2);
    leases.forEach(lease -> lease.release(Outcome.SUCCESS, loop.nanos));
    assertThat(targets)
        .allMatch(target -> target.state().inFlight() == 0 && target.state().tokens() == 0);
  }

  @ParameterizedTest
  @MethodSource("words")
  void sharesAmongEqualsThatHaveNothingToDo(String word) {
    Picker picker = picker(word, Balancing.equalTargets(3));
    Map<Target, Integer> picks = new HashMap<>();
    for (int i = 0; i < 3000; i++) {
      picks.merge(picker.pick(anyone()), 1, Integer::sum);
    }
    assertThat(picks.values()).hasSize(3).allMatch(count -> count > 750 && count < 1250);
  }

  @ParameterizedTest
  @MethodSource("words")
  void doesNotSendAllToOneWhenATargetIsLeftOut(String word) {
    List<Target> targets = Balancing.equalTargets(4);
    Picker picker = picker(word, targets);
    Map<Target, Integer> picks = new HashMap<>();
    for (int i = 0; i < 4000; i++) {
      picks.merge(picker.pick(anyone().among(t -> !t.equals(targets.get(0)))), 1, Integer::sum);
    }
    assertThat(picks.values()).hasSize(3).allMatch(count -> count <= 2050);
  }

  @ParameterizedTest
  @MethodSource("words")
  void takesOneTargetAndVeryUnevenWeights(String word) {
    assertThat(picker(word, Balancing.targets(7)).pick(anyone())).isNotNull();
    List<Target> uneven = Balancing.targets(1000, 1, 999, 997);
    Picker picker = picker(word, uneven);
    for (int i = 0; i < 5000; i++) {
      assertThat(picker.pick(anyone())).isNotNull();
    }
    Target light = uneven.get(1);
    assertThat(picker.pick(anyone().among(light::equals))).isSameAs(light);
  }

  @ParameterizedTest
  @MethodSource("words")
  void isSharedByEightThreads(String word) throws Exception {
    List<Target> targets = Balancing.targets(1, 2, 3, 4);
    Picker picker = picker(word, targets);
    Target out = targets.get(1);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int seed = thread;
        wrong.add(threads.submit(() -> pickAndRelease(picker, out, seed)));
      }
      for (Future<Integer> count : wrong) {
        assertThat(count.get()).isZero();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(targets)
        .allMatch(target -> target.state().inFlight() == 0 && target.state().tokens() == 0);
    assertThat(targets.stream().mapToLong(target -> target.state().successes()).sum())
        .isEqualTo(8 * 5000);
  }

  /** How many of the picks were wrong. */
  private static int pickAndRelease(Picker picker, Target out, int seed) {
    SimulatedLoop own = new SimulatedLoop(seed);
    int wrong = 0;
    for (int i = 0; i < 5000; i++) {
      own.nanos += 10_000;
      Target picked = picker.pick(Asked.from(i * 31 + seed, own).among(t -> !t.equals(out)));
      if (picked == null || picked.equals(out)) {
        wrong++;
      } else {
        Lease lease = new Lease(picked, own.nanos, 3);
        lease.answered(own.nanos + 1000);
        lease.release(Outcome.SUCCESS, own.nanos + 2000);
      }
    }
    return wrong;
  }
}
