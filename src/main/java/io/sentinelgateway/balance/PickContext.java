package io.sentinelgateway.balance;

import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.target.Target;

/** What a picker may know about an attempt: for whom it is, and which targets may be used. */
public interface PickContext {

  /** False for a target that health leaves out, or that failed this exchange before. */
  boolean eligible(Target target);

  /** The request, and the loop with its time and randomness. */
  Exchange exchange();
}
