package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.resilience.Pending;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.upstream.Limits;
import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;

/**
 * One exchange's place among those that may be under way at an upstream: asked for once, perhaps
 * waited for, given back once. Confined to the event loop of the request; the place may be handed
 * over by another.
 */
final class Admission {

  private final Course course;
  private final Forwarding forwarding;
  private final Limits limits;
  private final Loop loop;
  private @Nullable Pending waiting;
  private Timers.@Nullable Timeout timeout;
  private boolean held;
  private boolean over;

  Admission(Course course, Forwarding forwarding, Limits limits, Loop loop) {
    this.course = course;
    this.forwarding = forwarding;
    this.limits = limits;
    this.loop = loop;
  }

  /** Ends in {@link Forwarding#admitted} or {@link Course#refused}, unless it is ended before. */
  void begin(Priority priority) {
    if (limits.tryEnter(priority)) {
      held = true;
      forwarding.admitted();
      return;
    }
    Context context = loop.vertx().getOrCreateContext();
    waiting = limits.await(priority, () -> context.runOnContext(v -> granted()));
    if (waiting == null) {
      reject(limits.reason(priority));
    } else {
      timeout = loop.timers().start(limits.pendingTimeout(), this::timedOut);
    }
  }

  private void granted() {
    if (over) {
      // We left while the place was on its way.
      limits.release();
      return;
    }
    held = true;
    stopWaiting();
    forwarding.admitted();
  }

  private void timedOut() {
    timeout = null;
    if (waiting != null && limits.leave(waiting)) {
      reject(Cause.PENDING_TIMEOUT);
    }
  }

  private void reject(Cause cause) {
    over = true;
    stopWaiting();
    course.refused(ProxyError.of(cause, course.upstream().id()));
  }

  private void stopWaiting() {
    waiting = null;
    if (timeout != null) {
      timeout.cancel();
      timeout = null;
    }
  }

  /** Gives the place back, or waits no longer for one. Idempotent. */
  void end() {
    if (over) {
      return;
    }
    over = true;
    if (held) {
      limits.release();
    } else if (waiting != null) {
      // When the place is on its way, it is given back on its arrival.
      limits.leave(waiting);
    }
    stopWaiting();
  }
}
