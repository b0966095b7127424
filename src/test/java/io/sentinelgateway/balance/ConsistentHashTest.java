package io.sentinelgateway.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same key, the same target, as far as that is possible. */
class ConsistentHashTest {

  private final SimulatedLoop loop = new SimulatedLoop(1);

  private static Picker picker(String word, List<Target> targets) {
    return Balancing.balancer(word).picker(targets);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring-hash", "maglev", "rendezvous", "ip-hash"})
  void isTheSameInEveryProcessAndWhateverTheOrderOfTheTargets(String word) {
    List<Target> targets = Balancing.targets(1, 2, 3, 4, 5);
    List<Target> reversed = new ArrayList<>(targets);
    Collections.reverse(reversed);
    Picker one = picker(word, targets);
    Picker other = picker(word, reversed);
    for (int client = 0; client < 1000; client++) {
      Asked asked = Asked.from(client, loop);
      assertThat(one.pick(asked)).isSameAs(one.pick(asked)).isSameAs(other.pick(asked));
    }
  }

  /** One of n gone: 1/n of the keys must move; how many times that do. */
  @ParameterizedTest
  @CsvSource({
    "ring-hash, 10, 1.2",
    "ring-hash, 100, 1.2",
    "maglev, 10, 1.2",
    "maglev, 100, 2.2",
    "rendezvous, 10, 1.2",
    "rendezvous, 100, 1.2",
    "ip-hash, 10, 1.2",
    "ip-hash, 100, 2.2",
  })
  void movesFewKeysWhenATargetGoesOrComes(String word, int count, double times) {
    assertThat(MovedKeys.timesTheLeast(word, count)).isBetween(0.7, times);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ring-hash", "maglev", "rendezvous", "ip-hash"})
  void movesOnlyTheKeysOfATargetThatIsLeftOut(String word) {
    List<Target> targets = Balancing.equalTargets(10);
    Picker picker = picker(word, targets);
    Target out = targets.get(3);
    Set<Target> heirs = new HashSet<>();
    for (int client = 0; client < 5000; client++) {
      Asked asked = Asked.from(client, loop);
      Target usual = picker.pick(asked);
      Target now = picker.pick(asked.among(t -> !t.equals(out)));
      if (usual.equals(out)) {
        heirs.add(now);
      } else {
        assertThat(now).isSameAs(usual);
      }
    }
    assertThat(heirs).hasSizeGreaterThan(6).doesNotContain(out);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"header.X-User", "cookie.who", "query.u", "path", "'{header.X-User}/{path}'"})
  void takesTheKeyFromWhereItIsSaid(String key) {
    List<Target> targets = Balancing.equalTargets(10);
    Picker picker = Balancing.of("type: maglev, key: " + key).picker(targets);
    Set<Target> all = new HashSet<>();
    for (int user = 0; user < 100; user++) {
      Asked asked = Asked.with("user-" + user, loop);
      Target target = picker.pick(asked);
      all.add(target);
      assertThat(picker.pick(Asked.with("user-" + user, loop))).isSameAs(target);
    }
    assertThat(all).hasSize(10);
  }

  @Test
  void aRequestWithoutTheKeyGoesAnywhere() {
    Picker picker =
        Balancing.of("type: maglev, key: header.X-User").picker(Balancing.equalTargets(4));
    Set<Target> targets = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      targets.add(picker.pick(Asked.from(1, loop)));
    }
    assertThat(targets).hasSize(4);
  }

  @Test
  void aNetworkStaysTogether() {
    Picker picker =
        Balancing.of("type: ip-hash, ipv4-prefix: 24, ipv6-prefix: 64")
            .picker(Balancing.equalTargets(10));
    Set<Target> v4 = new HashSet<>();
    Set<Target> v6 = new HashSet<>();
    for (int host = 0; host < 200; host++) {
      v4.add(picker.pick(Asked.from(0x0a010200 + host, loop)));
      byte[] address = new byte[16];
      address[0] = 0x20;
      address[15] = (byte) host;
      v6.add(picker.pick(Asked.of(Asked.inet(address), "http", "/", "", loop)));
    }
    assertThat(v4).hasSize(1);
    assertThat(v6).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: ring-hash, key: path",
        "type: maglev, key: path",
        "type: rendezvous, key: path",
        "type: ip-hash"
      })
  void aBoundKeepsOneKeyFromFillingOneTarget(String keys) {
    List<Target> targets = Balancing.equalTargets(10);
    Picker picker = Balancing.of(keys + ", bounded-load: 1.25").picker(targets);
    for (int i = 0; i < 1000; i++) {
      // One client, one path: all of them one key.
      new Lease(picker.pick(Asked.with("hot", loop)), 0);
    }
    assertThat(targets).allMatch(target -> target.state().inFlight() <= 125);
    assertThat(targets.stream().mapToInt(t -> t.state().inFlight()).max()).hasValue(125);
  }

  @Test
  void aBoundHoldsAmongTheEligibleOnly() {
    List<Target> targets = Balancing.equalTargets(4);
    Picker picker = Balancing.of("type: maglev, bounded-load: 1.25").picker(targets);
    for (int i = 0; i < 100; i++) {
      new Lease(targets.get(0), 0);
    }
    for (int i = 0; i < 300; i++) {
      Asked asked = Asked.from(7, loop).among(t -> !t.equals(targets.get(0)));
      new Lease(picker.pick(asked), 0);
    }
    assertThat(targets.subList(1, 4)).allMatch(target -> target.state().inFlight() <= 126);
  }
}
