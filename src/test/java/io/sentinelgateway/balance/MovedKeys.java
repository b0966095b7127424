package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import java.util.ArrayList;
import java.util.List;

/** How many keys another target gets when one of some targets goes. */
final class MovedKeys {

  private static final int KEYS = 100_000;

  private MovedKeys() {}

  /** Times the share that must move, which is one of so many. */
  static double timesTheLeast(String word, int count) {
    List<Target> all = Balancing.equalTargets(count);
    List<Target> fewer = new ArrayList<>(all);
    fewer.remove(count / 2);
    Picker before = Balancing.balancer(word).picker(all);
    Picker after = Balancing.balancer(word).picker(fewer);
    SimulatedLoop loop = new SimulatedLoop(1);
    int moved = 0;
    for (int i = 0; i < KEYS; i++) {
      Asked asked = Asked.from(i * 7919, loop);
      if (!before.pick(asked).equals(after.pick(asked))) {
        moved++;
      }
    }
    return (double) moved / KEYS * count;
  }
}
