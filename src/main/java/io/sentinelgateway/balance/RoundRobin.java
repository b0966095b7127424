package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.spread.Turns;
import io.sentinelgateway.target.Target;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes targets in turn, in proportion to their weights. The turns are laid out in advance, so that
 * a pick is one atomic increment. A target that is not eligible gives its turn to the next one in
 * the order.
 */
final class RoundRobin implements LoadBalancer {

  /** {@code balancer: {type: round-robin}} */
  @Doc("Takes targets in turn, in proportion to their weights.")
  record Settings() implements BalancerSettings {}

  @Override
  public Picker picker(List<Target> targets) {
    Target[] turns =
        Arrays.stream(Turns.of(Weights.of(targets))).mapToObj(targets::get).toArray(Target[]::new);
    AtomicInteger next = new AtomicInteger();
    return context -> {
      // Unsigned: the counter may overflow. No remainder by nothing.
      int first = Integer.remainderUnsigned(next.getAndIncrement(), Math.max(1, turns.length));
      for (int i = 0; i < turns.length; i++) {
        int turn = first + i;
        Target target = turns[turn < turns.length ? turn : turn - turns.length];
        if (context.eligible(target)) {
          return target;
        }
      }
      return null;
    };
  }
}
