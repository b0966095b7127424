package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import java.util.List;

/** A balancing rule. Stateless: all state belongs to the pickers it makes. */
@FunctionalInterface
public interface LoadBalancer {

  /** Called off the request path whenever membership changes; may be expensive. */
  Picker picker(List<Target> targets);

  /**
   * Whether it may be given other weights each second, as in a slow start. A hash must say no:
   * another weight sends clients elsewhere.
   */
  default boolean followsWeights() {
    return true;
  }
}
