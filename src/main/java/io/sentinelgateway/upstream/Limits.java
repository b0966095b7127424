package io.sentinelgateway.upstream;

import io.sentinelgateway.config.LimitsConfig;
import io.sentinelgateway.config.LimitsConfig.AdaptiveConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.resilience.AdaptiveRule;
import io.sentinelgateway.resilience.ConcurrencyLimiter;
import io.sentinelgateway.resilience.ConcurrencyLimiter.Places;
import io.sentinelgateway.resilience.Pending;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.target.ConnectionBound;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How much may be under way at an upstream at once, and who waits when there is no room. Immutable;
 * the places are the upstream state's, which also knows whose limits are in force. All event loops.
 */
public final class Limits implements Places {

  private static final int NONE = Integer.MAX_VALUE;

  private final UpstreamState state;
  private final ConcurrencyLimiter limiter;
  private final int requests;
  private final int connections;
  private final boolean requestsEnforced;
  private final @Nullable AdaptiveRule adaptive;
  private final boolean adaptiveEnforced;
  private final int pending;
  private final Duration pendingTimeout;

  private Limits(LimitsConfig settings, UpstreamState state) {
    AdaptiveConfig learnt = settings.adaptive().orElse(null);
    this.state = state;
    this.limiter = state.limiter();
    this.requests = settings.requests().orElse(NONE);
    this.connections = settings.connections().orElse(NONE);
    this.requestsEnforced = settings.mode().enforced();
    this.adaptive = learnt == null ? null : learnt.rule();
    this.adaptiveEnforced = learnt != null && learnt.mode().enforced();
    this.pending = settings.pending();
    this.pendingTimeout = settings.pendingTimeout();
  }

  /** {@code null} when there are none. */
  static @Nullable Limits of(UpstreamConfig settings, UpstreamState state) {
    return settings.limits().map(limits -> new Limits(limits, state)).orElse(null);
  }

  /** Says how many connections there may be. */
  void bind(ConnectionBound bound) {
    bound.limit(connections, requestsEnforced);
  }

  /** Requests under way. */
  public int active() {
    return limiter.active();
  }

  /** Requests that wait. */
  public int waiting() {
    return limiter.waiting();
  }

  /** The least of the limits that are enforced; the greatest integer when none is. */
  public int inForce() {
    int fixed = requestsEnforced ? requests : NONE;
    return adaptiveEnforced ? Math.min(fixed, learnt()) : fixed;
  }

  /** What the adaptive limit has come to, enforced or not; the greatest integer when none is. */
  public int learnt() {
    return adaptive == null ? NONE : state.adaptive().limit(adaptive);
  }

  /** How long a request may wait. */
  public Duration pendingTimeout() {
    return pendingTimeout;
  }

  @Override
  public int of(Priority priority) {
    int limit = inForce();
    return limit == NONE ? NONE : priority.of(limit, state.top());
  }

  /** Takes a place; {@link #leave} or {@link #release} gives it back. */
  public boolean tryEnter(Priority priority) {
    if (!limiter.tryAcquire(priority, state.places())) {
      return false;
    }
    if (!requestsEnforced || !adaptiveEnforced) {
      observe(priority);
    }
    return true;
  }

  /** Counts a request that is let in and would not be. */
  private void observe(Priority priority) {
    long active = (long) limiter.active() - pending;
    if (!requestsEnforced && requests != NONE && active > priority.of(requests, state.top())) {
      state.wouldReject(pending > 0 ? Cause.PENDING_FULL : Cause.REQUEST_LIMIT);
    } else if (adaptive != null
        && !adaptiveEnforced
        && active > priority.of(learnt(), state.top())) {
      state.wouldReject(pending > 0 ? Cause.PENDING_FULL : Cause.ADAPTIVE_LIMIT);
    }
  }

  /**
   * Waits for a place.
   *
   * @param granted see {@link ConcurrencyLimiter#await}
   * @return {@code null} when nobody more may wait
   */
  public @Nullable Pending await(Priority priority, Runnable granted) {
    return limiter.await(priority, state.places(), pending, granted);
  }

  /** Waits no longer; false when the place is there already, and must be released. */
  public boolean leave(Pending waiting) {
    return limiter.leave(waiting);
  }

  /** Gives a place back. */
  public void release() {
    limiter.release(state.places());
  }

  /** Why there was neither a place nor a place to wait. */
  public Cause reason(Priority priority) {
    if (pending > 0) {
      return Cause.PENDING_FULL;
    }
    if (limiter.active() < inForce() && of(priority) < inForce()) {
      return Cause.PRIORITY_LIMIT;
    }
    return adaptiveEnforced && inForce() < requests ? Cause.ADAPTIVE_LIMIT : Cause.REQUEST_LIMIT;
  }

  boolean learns() {
    return adaptive != null;
  }

  void learn(long latencyNanos, long nanoTime) {
    if (adaptive != null
        && state.adaptive().sample(adaptive, latencyNanos, limiter.active(), nanoTime)
        && limiter.waiting() > 0) {
      limiter.serve(state.places());
    }
  }

  /** A failure that took long says as much as an answer; a quick one says nothing about load. */
  void learnFailure(long latencyNanos, long nanoTime) {
    if (latencyNanos > state.adaptive().baselineNanos()) {
      learn(latencyNanos, nanoTime);
    }
  }
}
