package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import org.jspecify.annotations.Nullable;

/** Picks a target for one attempt. Thread-safe, non-blocking, free of allocation. */
@FunctionalInterface
public interface Picker {

  /** The target, or {@code null} when none is eligible; an Optional would be made per request. */
  @Nullable Target pick(PickContext context);
}
