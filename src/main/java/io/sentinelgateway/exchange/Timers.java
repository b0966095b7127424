package io.sentinelgateway.exchange;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Deadlines of one event loop, with a resolution of some milliseconds. A request sets two or three
 * and cancels nearly all of them, so both are O(1) and neither allocates more than the handle.
 */
public interface Timers {

  /** Runs the action on this loop after the delay, rounded up to the resolution. */
  Timeout start(Duration delay, Runnable action);

  /** Cancels a timer, if there is one. */
  static void cancel(@Nullable Timeout timer) {
    if (timer != null) {
      timer.cancel();
    }
  }

  /** A running timer. Confined to its loop. */
  interface Timeout {

    /** Idempotent; a timer that has fired is cancelled already. */
    void cancel();
  }
}
