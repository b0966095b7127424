package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes the target with the fewest requests in flight for its weight. The scan begins at another
 * target each time, so that equals share the load.
 */
final class LeastRequests implements LoadBalancer {

  /** {@code balancer: {type: least-requests}} */
  @Doc("Takes the target with the fewest requests in flight for its weight.")
  record Settings() implements BalancerSettings {}

  @Override
  public Picker picker(List<Target> members) {
    Target[] targets = members.toArray(Target[]::new);
    AtomicInteger next = new AtomicInteger();
    return context ->
        least(targets, Integer.remainderUnsigned(next.getAndIncrement(), targets.length), context);
  }

  private static @Nullable Target least(Target[] targets, int first, PickContext context) {
    Target best = null;
    long bestRequests = 0;
    for (int i = 0; i < targets.length; i++) {
      int at = first + i;
      Target target = targets[at < targets.length ? at : at - targets.length];
      if (!context.eligible(target)) {
        continue;
      }
      // Compared as a fraction without dividing: a/v < b/w exactly when a*w < b*v.
      long requests = target.state().inFlight() + 1L;
      if (best == null || requests * best.weight() < bestRequests * target.weight()) {
        best = target;
        bestRequests = requests;
      }
    }
    return best;
  }
}
