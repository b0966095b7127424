package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.spread.Turns;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes the target with the fewest requests in flight for its weight. All are looked at; among
 * equals the turn decides, so that weights hold when there is nothing to do as well.
 */
final class LeastRequests implements LoadBalancer {

  /** {@code balancer: {type: least-requests}} */
  @Doc("Takes the target with the fewest requests in flight for its weight; among equals, in turn.")
  record Settings() implements BalancerSettings {}

  @Override
  public Picker picker(List<Target> targets) {
    return least(targets, target -> target.state().inFlight());
  }

  /** Picks by any load; the first look falls on each target in turn. */
  static Picker least(List<Target> members, ToLongFunction<Target> load) {
    Target[] targets = members.toArray(Target[]::new);
    int[] turns = Turns.of(Weights.of(members));
    AtomicInteger next = new AtomicInteger();
    return context -> {
      if (targets.length == 0) {
        return null;
      }
      int turn = Integer.remainderUnsigned(next.getAndIncrement(), turns.length);
      return least(targets, turns[turn], load, context);
    };
  }

  private static @Nullable Target least(
      Target[] targets, int first, ToLongFunction<Target> load, PickContext context) {
    Target best = null;
    long bestLoad = 0;
    for (int i = 0; i < targets.length; i++) {
      int at = first + i;
      Target target = targets[at < targets.length ? at : at - targets.length];
      if (!context.eligible(target)) {
        continue;
      }
      // Compared as a fraction without dividing: a/v < b/w exactly when a*w < b*v.
      long now = load.applyAsLong(target);
      if (best == null || now * best.weight() < bestLoad * target.weight()) {
        best = target;
        bestLoad = now;
      }
    }
    return best;
  }
}
