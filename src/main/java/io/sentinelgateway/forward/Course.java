package io.sentinelgateway.forward;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.forward.RetryRule.Progress;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.upstream.Limits;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamState;
import org.jspecify.annotations.Nullable;

/**
 * Which upstream one exchange is sent to: the route's, or when that one cannot answer its fallback,
 * and the place the exchange holds there. Confined to the event loop of the request.
 */
final class Course {

  private final Forwarding forwarding;
  private final Exchange exchange;
  private final Priority priority;
  private Upstream upstream;
  private @Nullable Fallback fallback;
  private @Nullable Admission admission;
  private boolean passing;
  private boolean passedOver;
  private boolean turned;

  Course(Forwarding forwarding, ForwardHandler handler, Upstream first, Exchange exchange) {
    this.forwarding = forwarding;
    this.exchange = exchange;
    this.priority = handler.priority();
    this.upstream = first;
    this.fallback = handler.fallback(first);
  }

  Upstream upstream() {
    return upstream;
  }

  /**
   * Leases a target of the upstream; {@code null} when none is eligible. One that cannot be
   * connected to now is only taken when there is no other.
   */
  @Nullable Lease lease() {
    Loop loop = exchange.loop();
    passing = true;
    passedOver = false;
    Lease lease = upstream.lease(forwarding, loop.nanoTime());
    if (lease == null && passedOver) {
      passing = false;
      lease = upstream.lease(forwarding, loop.nanoTime());
    }
    return lease;
  }

  /** The same; refuses the exchange, or turns to a fallback, when none is. */
  @Nullable Lease leaseOrRefuse() {
    Lease lease = lease();
    if (lease == null) {
      refused(upstream.refusal(exchange.loop().nanoTime()));
    }
    return lease;
  }

  /** Whether health and breaker of a target allow another attempt, and it can be reached. */
  boolean mayUse(Target target) {
    return upstream.usable(target)
        && upstream.admits(target, exchange.loop())
        && !passesOver(target);
  }

  private boolean passesOver(Target target) {
    boolean passes = passing && !exchange.loop().connections().reachable(target);
    passedOver |= passes;
    return passes;
  }

  /** Asks for a place at the upstream; ends in {@link Forwarding#admitted} or a failure. */
  void enter() {
    turned = false;
    exchange.record().upstream = upstream.id();
    Limits limits = upstream.limits();
    if (limits == null) {
      forwarding.admitted();
    } else {
      admission = new Admission(this, forwarding, limits, exchange.loop());
      admission.begin(priority);
    }
  }

  /** There is no place at the upstream, or nobody there to send to. */
  void refused(ProxyError error) {
    Fallback other = fallback;
    if (other != null && other.takesRefused(error.cause())) {
      turn(other);
      enter();
      return;
    }
    if (UpstreamState.REASONS.contains(error.cause())) {
      upstream.state().rejected(error.cause());
    }
    forwarding.fail(error.toException());
  }

  /** Whether another upstream takes over what failed here. */
  boolean turnsAfterFailure(Progress progress, boolean repeatable) {
    Fallback other = fallback;
    return other != null
        && other.takesFailed()
        && !exchange.cancelled()
        && sendable(progress, repeatable)
        && turn(other);
  }

  /** Whether another upstream takes over what was answered so here. */
  boolean turnsAfter(int status, Progress progress, boolean repeatable) {
    Fallback other = fallback;
    return other != null
        && other.takesStatus(status)
        && sendable(progress, repeatable)
        && turn(other);
  }

  private static boolean sendable(Progress progress, boolean repeatable) {
    return progress == Progress.NOTHING_SENT || (repeatable && progress == Progress.HEAD_SENT);
  }

  private boolean turn(Fallback other) {
    upstream.state().fellBack();
    end();
    upstream = other.upstream();
    fallback = other.next();
    turned = true;
    return true;
  }

  /** True when {@link #enter} is due at another upstream. */
  boolean turned() {
    return turned;
  }

  /** Gives the place back. Idempotent. */
  void end() {
    if (admission != null) {
      admission.end();
      admission = null;
    }
  }
}
