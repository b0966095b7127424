package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Rules that divide the targets: zones, priorities, subsets. */
class GroupsTest {

  private static final int PICKS = 20_000;

  private final SimulatedLoop loop = new SimulatedLoop(1);

  private Map<Target, Integer> picks(Picker picker, Predicate<Target> usable) {
    Map<Target, Integer> picks = new HashMap<>();
    for (int i = 0; i < PICKS; i++) {
      Target picked = picker.pick(Asked.from(i, loop).among(usable));
      if (picked != null) {
        picks.merge(picked, 1, Integer::sum);
      }
    }
    return picks;
  }

  private double share(Picker picker, Predicate<Target> usable, Predicate<Target> group) {
    return picks(picker, usable).entrySet().stream()
            .filter(entry -> group.test(entry.getKey()))
            .mapToInt(Map.Entry::getValue)
            .sum()
        / (double) PICKS;
  }

  private static boolean here(Target target) {
    return target.zone().equals("here");
  }

  private static int number(Target target) {
    return Integer.parseInt(target.key().address().host().substring(1));
  }

  /** Ten here, t0 to t9, and ten elsewhere. */
  private static List<Target> zones() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      targets.add(Balancing.target(i, 1, i < 10 ? "here" : i < 15 ? "there" : "", 0));
    }
    return targets;
  }

  @Test
  void staysInTheOwnZoneWhileThatIsHealthyEnough() {
    Picker picker = Balancing.balancer("locality-aware").picker(zones());
    assertThat(share(picker, t -> true, GroupsTest::here)).isEqualTo(1);
    // 8 of 10, times 1.4, is more than all.
    assertThat(share(picker, t -> number(t) >= 2, GroupsTest::here)).isEqualTo(1);
  }

  @Test
  void spillsOverInProportionToTheHealthThatIsMissing() {
    Picker picker = Balancing.balancer("locality-aware").picker(zones());
    // 5 of 10, times 1.4.
    assertThat(share(picker, t -> number(t) >= 5, GroupsTest::here)).isBetween(0.68, 0.72);
    assertThat(share(picker, t -> number(t) >= 10, GroupsTest::here)).isZero();
  }

  @Test
  void sharesWhatIsLeftWhenNobodyHasEnough() {
    Picker picker = Balancing.balancer("locality-aware").picker(zones());
    // One here, two elsewhere.
    Predicate<Target> left = t -> number(t) == 0 || number(t) == 10 || number(t) == 17;
    assertThat(share(picker, left, GroupsTest::here)).isBetween(0.31, 0.36);
  }

  @Test
  void takesOtherZonesWhenTheOwnHasNobody() {
    List<Target> elsewhere = zones().subList(10, 20);
    Picker picker = Balancing.balancer("locality-aware").picker(elsewhere);
    assertThat(picks(picker, t -> true)).hasSize(10);
  }

  @Test
  void failsOverStepByStep() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      targets.add(Balancing.target(i, 1, "", i / 2 * 10));
    }
    Picker picker = Balancing.balancer("priority").picker(targets);
    Predicate<Target> first = t -> t.priority() == 0;
    assertThat(share(picker, t -> true, first)).isEqualTo(1);
    assertThat(share(picker, t -> number(t) != 0, first)).isBetween(0.68, 0.72);
    assertThat(share(picker, t -> number(t) >= 2, t -> t.priority() == 10)).isEqualTo(1);
    assertThat(share(picker, t -> number(t) >= 4, t -> t.priority() == 20)).isEqualTo(1);
  }

  @Test
  void canKeepTheNextPriorityIdleUntilNothingIsLeft() {
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      targets.add(Balancing.target(i, 1, "", i < 5 ? 0 : 1));
    }
    Picker picker = Balancing.of("type: priority, overprovisioning: 1000").picker(targets);
    assertThat(share(picker, t -> number(t) >= 4, t -> t.priority() == 0)).isEqualTo(1);
    assertThat(share(picker, t -> number(t) >= 5, t -> t.priority() == 1)).isEqualTo(1);
  }

  @Test
  void replicasUseDifferentTargetsAndTogetherAll() {
    List<Target> targets = Balancing.equalTargets(30);
    Map<Target, Integer> users = new HashMap<>();
    for (int replica = 0; replica < 9; replica++) {
      List<Target> subset = Subset.subset(targets, 10, replica);
      assertThat(subset).hasSize(10).isEqualTo(Subset.subset(targets, 10, replica));
      subset.forEach(target -> users.merge(target, 1, Integer::sum));
    }
    assertThat(users).hasSize(30);
    assertThat(users.values()).containsOnly(3);
  }

  @Test
  void aSubsetServesUntilNobodyInItIsLeft() {
    List<Target> targets = Balancing.equalTargets(20);
    Picker picker = Balancing.of("type: subset, size: 4").picker(targets);
    Set<Target> used = picks(picker, t -> true).keySet();
    assertThat(used).hasSize(4);
    assertThat(picks(picker, t -> !used.contains(t))).hasSize(16);
  }

  @Test
  void knowsAReplicaByTheNumberAtItsEndOrByItsName() {
    assertThat(Subset.number("gateway-17")).isEqualTo(17);
    assertThat(Subset.number("7")).isEqualTo(7);
    assertThat(List.of("gateway", "gateway-x7f", "a1234567890123"))
        .allMatch(name -> Subset.number(name) >= 0)
        .extracting(Subset::number)
        .doesNotHaveDuplicates();
  }

  @Test
  void groupsPassTheRuleInsideOn() {
    List<Target> targets = zones();
    Picker picker =
        Balancing.of("type: locality-aware, balancer: {type: maglev, key: path}").picker(targets);
    Asked asked = Asked.with("same", loop);
    Set<Target> picked =
        picks(context -> picker.pick(asked), t -> true).keySet().stream()
            .collect(Collectors.toCollection(HashSet::new));
    assertThat(picked).hasSize(1).allMatch(GroupsTest::here);
  }
}
