package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Kind;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every load balancer promises, whatever its rule. */
class BalancerContractTest {

  static Stream<String> words() {
    return BalancerKinds.ALL.stream().map(Kind::word);
  }

  private static LoadBalancer balancer(String word) {
    return BalancerKinds.create(config(word).balancer());
  }

  private static UpstreamConfig config(String word) {
    String yaml =
        "version: 1\nlisteners: {web: {address: \":0\"}}\nupstreams: {u: {targets: [{address:"
            + " \"a:1\"}], balancer: {type: "
            + word
            + "}}}\nroutes: {r: {forward: {upstream: u}}}\n";
    return Catalog.reader(name -> Optional.empty())
        .readText("test.yaml", yaml)
        .config()
        .orElseThrow()
        .upstreams()
        .get("u");
  }

  private static List<Target> targets(int... weights) {
    UpstreamConfig settings = config("round-robin");
    List<Target> targets = new ArrayList<>();
    for (int weight : weights) {
      Address address = new Address("t" + targets.size(), 80);
      TargetKey key = new TargetKey("u", address);
      targets.add(new Target(key, address.toString(), weight, "", 0, settings, new TargetState()));
    }
    return targets;
  }

  @ParameterizedTest
  @MethodSource("words")
  void neverPicksATargetThatIsNotEligible(String word) {
    List<Target> targets = targets(3, 1, 2, 1);
    Picker picker = balancer(word).picker(targets);
    for (int excluded = 0; excluded < 15; excluded++) {
      int mask = excluded;
      for (int i = 0; i < 50; i++) {
        Target picked = picker.pick(t -> (mask & 1 << targets.indexOf(t)) == 0);
        assertThat(mask & 1 << targets.indexOf(picked)).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("words")
  void picksNothingWhenNothingIsEligible(String word) {
    assertThat(balancer(word).picker(targets(1, 2)).pick(t -> false)).isNull();
  }

  @ParameterizedTest
  @MethodSource("words")
  void honoursWeightsUnderLoad(String word) {
    List<Target> targets = targets(5, 3, 2);
    Picker picker = balancer(word).picker(targets);
    Map<Target, Integer> picks = new HashMap<>();
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Target picked = picker.pick(t -> true);
      leases.add(new Lease(picked, 0));
      picks.merge(picked, 1, Integer::sum);
    }
    assertThat(picks.get(targets.get(0))).isBetween(490, 510);
    assertThat(picks.get(targets.get(1))).isBetween(290, 310);
    assertThat(picks.get(targets.get(2))).isBetween(190, 210);
    leases.forEach(lease -> lease.release(Outcome.SUCCESS, 0));
    assertThat(targets).allMatch(target -> target.state().inFlight() == 0);
  }

  @ParameterizedTest
  @MethodSource("words")
  void sharesAmongEqualsThatHaveNothingToDo(String word) {
    List<Target> targets = targets(1, 1, 1);
    Picker picker = balancer(word).picker(targets);
    Map<Target, Integer> picks = new HashMap<>();
    for (int i = 0; i < 300; i++) {
      picks.merge(picker.pick(t -> true), 1, Integer::sum);
    }
    assertThat(picks.values()).hasSize(3).allMatch(count -> count == 100);
  }

  @ParameterizedTest
  @MethodSource("words")
  void doesNotSendAllToOneWhenATurnIsSkipped(String word) {
    List<Target> targets = targets(1, 1, 1, 1);
    Picker picker = balancer(word).picker(targets);
    Map<Target, Integer> picks = new HashMap<>();
    for (int i = 0; i < 400; i++) {
      picks.merge(picker.pick(t -> !t.equals(targets.get(0))), 1, Integer::sum);
    }
    assertThat(picks.values()).hasSize(3).allMatch(count -> count <= 200);
  }

  @ParameterizedTest
  @MethodSource("words")
  void takesOneTargetAndVeryUnevenWeights(String word) {
    assertThat(balancer(word).picker(targets(7)).pick(t -> true)).isNotNull();
    List<Target> uneven = targets(1000, 1, 999, 997);
    Picker picker = balancer(word).picker(uneven);
    for (int i = 0; i < 5000; i++) {
      assertThat(picker.pick(t -> true)).isNotNull();
    }
  }

  @Test
  void takesTheLeastLoadedForItsWeight() {
    List<Target> targets = targets(1, 4);
    Picker picker = new LeastRequests().picker(targets);
    new Lease(targets.get(1), 0);
    new Lease(targets.get(1), 0);
    // (0+1)/1 is more than (2+1)/4.
    assertThat(picker.pick(t -> true)).isSameAs(targets.get(1));
    new Lease(targets.get(1), 0);
    new Lease(targets.get(1), 0);
    assertThat(picker.pick(t -> true)).isSameAs(targets.get(0));
  }

  @Test
  void spreadsTheTurnsOfAHeavyTarget() {
    List<Target> targets = targets(5, 1, 1);
    Picker picker = new RoundRobin().picker(targets);
    StringBuilder order = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      order.append((char) ('a' + targets.indexOf(picker.pick(t -> true))));
    }
    assertThat(order.toString()).isEqualTo("aabacaaaabacaa");
  }
}
