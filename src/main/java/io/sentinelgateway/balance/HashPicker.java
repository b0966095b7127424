package io.sentinelgateway.balance;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Picks the target that a request's hash belongs to. Thread-safe; shared by all event loops.
 *
 * <p>With a bound, a target that has more than so many times its fair share of the requests in
 * flight is passed over (Mirrokni and others, "Consistent Hashing with Bounded Loads", 2016). The
 * share is counted anew for each pick over all eligible targets.
 */
final class HashPicker implements Picker {

  private final HashTable table;
  private final Target[] targets;
  private final ToLongFunction<Exchange> hash;
  private final double bound;

  /**
   * @param bound times the fair share that a target may have in flight; 0 for any number
   */
  HashPicker(HashTable table, List<Target> targets, ToLongFunction<Exchange> hash, double bound) {
    this.table = table;
    this.targets = targets.toArray(Target[]::new);
    this.hash = hash;
    this.bound = bound;
  }

  @Override
  public @Nullable Target pick(PickContext context) {
    if (targets.length == 0) {
      return null;
    }
    long place = hash.applyAsLong(context.exchange());
    Target target = bound == 0 ? null : table.find(place, context, bound * share(context));
    // Among loops that count at once, all may seem to be full.
    return target != null ? target : table.find(place, context, Double.POSITIVE_INFINITY);
  }

  /** The fair share of a target of weight 1, this request included. */
  private double share(PickContext context) {
    long requests = 1;
    long weights = 0;
    for (Target target : targets) {
      if (context.eligible(target)) {
        requests += target.state().inFlight();
        weights += target.weight();
      }
    }
    return (double) requests / Math.max(1, weights);
  }
}
