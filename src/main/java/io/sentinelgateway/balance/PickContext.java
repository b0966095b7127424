package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;

/** What a picker may know about the exchange: which targets may be used. */
@FunctionalInterface
public interface PickContext {
  boolean eligible(Target target);
}
