package io.sentinelgateway.resilience;

import java.util.concurrent.atomic.AtomicBoolean;

/** Somebody who waits for a place. Either the place or the waiting ends it, whichever is first. */
public final class Pending {

  private final Priority priority;
  private final Runnable granted;
  private final AtomicBoolean over = new AtomicBoolean();

  Pending(Priority priority, Runnable granted) {
    this.priority = priority;
    this.granted = granted;
  }

  Priority priority() {
    return priority;
  }

  /** True for exactly one caller. */
  boolean end() {
    return over.compareAndSet(false, true);
  }

  void grant() {
    granted.run();
  }
}
