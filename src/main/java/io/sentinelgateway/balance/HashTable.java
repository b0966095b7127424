package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import org.jspecify.annotations.Nullable;

/** Who belongs to which hash. Immutable; shared by all event loops. */
@FunctionalInterface
interface HashTable {

  /**
   * The target of a hash, or the next in an order of its own when that one is not admitted, so that
   * only the keys of targets that are passed over move; {@code null} when none is admitted.
   *
   * @param share as in {@link #admits}
   */
  @Nullable Target find(long hash, PickContext context, double share);

  /**
   * Whether a target may be taken.
   *
   * @param share requests that a target of weight 1 may have in flight, this one included
   */
  static boolean admits(Target target, PickContext context, double share) {
    return context.eligible(target)
        && (share == Double.POSITIVE_INFINITY
            || target.state().inFlight() < Math.ceil(share * target.weight()));
  }
}
