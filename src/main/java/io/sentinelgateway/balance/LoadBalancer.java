package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import java.util.List;

/** A balancing rule. Stateless: all state belongs to the pickers it makes. */
@FunctionalInterface
public interface LoadBalancer {

  /** Called off the request path whenever membership changes; may be expensive. */
  Picker picker(List<Target> targets);
}
