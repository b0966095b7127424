package io.sentinelgateway.upstream;

import io.sentinelgateway.config.CircuitBreakerConfig;
import io.sentinelgateway.config.CircuitBreakerConfig.Per;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.resilience.BreakerRule;
import io.sentinelgateway.resilience.CircuitBreaker;
import io.sentinelgateway.resilience.CircuitBreaker.Permit;
import io.sentinelgateway.resilience.CircuitBreaker.State;
import io.sentinelgateway.resilience.CircuitBreaker.Verdict;
import io.sentinelgateway.target.Lease.Guard;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What asks before an attempt and hears how it went: circuit breakers, and the limit that learns.
 * Immutable; the state is the target's and the upstream's.
 */
final class Guards {

  /** Nobody is told to come back later than in five minutes. */
  private static final long LONGEST_WAIT_SECONDS = 300;

  private final UpstreamState state;
  private final @Nullable BreakerRule rule;
  private final boolean perTarget;
  private final boolean enforced;
  private final @Nullable Limits learning;

  private Guards(
      UpstreamState state, @Nullable CircuitBreakerConfig breaker, @Nullable Limits learning) {
    this.state = state;
    this.rule = breaker == null ? null : breaker.rule();
    this.perTarget = breaker != null && breaker.per() == Per.TARGET;
    this.enforced = breaker != null && breaker.mode().enforced();
    this.learning = learning;
  }

  /** {@code null} when nothing of the kind is configured. */
  static @Nullable Guards of(
      UpstreamConfig settings, UpstreamState state, @Nullable Limits limits) {
    CircuitBreakerConfig breaker = settings.circuitBreaker().orElse(null);
    Limits learning = limits != null && limits.learns() ? limits : null;
    return breaker == null && learning == null ? null : new Guards(state, breaker, learning);
  }

  private CircuitBreaker breaker(Target target) {
    if (!perTarget) {
      return state.breaker();
    }
    CircuitBreaker known = target.state().breaker();
    return known != null ? known : target.state().breaker(state.breaker(target.key()));
  }

  Map<State, Integer> states(List<Target> targets) {
    if (rule == null) {
      return Map.of();
    }
    Map<State, Integer> states = new EnumMap<>(State.class);
    for (State state : State.values()) {
      states.put(state, 0);
    }
    if (perTarget) {
      targets.forEach(target -> states.merge(breaker(target).state(), 1, Integer::sum));
    } else {
      states.put(state.breaker().state(), 1);
    }
    return states;
  }

  boolean admits(Target target, long nanoTime) {
    return rule == null || !enforced || breaker(target).permits(rule, nanoTime);
  }

  /** Lets an attempt through and watches it; {@code null} when the breaker refuses. */
  @Nullable Guard begin(Target target, long nanoTime) {
    if (rule == null) {
      return new Watch(null, null);
    }
    CircuitBreaker breaker = breaker(target);
    Permit permit = breaker.tryAcquire(rule, nanoTime);
    if (permit == null) {
      if (enforced) {
        return null;
      }
      state.wouldReject(Cause.BREAKER_OPEN);
    }
    return new Watch(breaker, permit);
  }

  /** The error of a request that only breakers keep from being sent; {@code null}: not so. */
  @Nullable ProxyError refusal(Upstream upstream, long nanoTime) {
    long wait = Long.MAX_VALUE;
    for (Target target : upstream.targets()) {
      if (upstream.usable(target) && !admits(target, nanoTime)) {
        wait = Math.min(wait, breaker(target).refusesForNanos(nanoTime));
      }
    }
    if (wait == Long.MAX_VALUE) {
      return null;
    }
    long seconds = TimeUnit.NANOSECONDS.toSeconds(wait + TimeUnit.SECONDS.toNanos(1) - 1);
    int bounded = (int) Math.max(1, Math.min(LONGEST_WAIT_SECONDS, seconds));
    return new ProxyError(Cause.BREAKER_OPEN, upstream.id(), bounded);
  }

  /** One attempt. Confined to its event loop. */
  private final class Watch implements Guard {

    private final @Nullable CircuitBreaker breaker;
    private final @Nullable Permit permit;
    private boolean answered;

    /**
     * @param permit {@code null} when the breaker is none or only observes, and would refuse
     */
    private Watch(@Nullable CircuitBreaker breaker, @Nullable Permit permit) {
      this.breaker = breaker;
      this.permit = permit;
    }

    @Override
    public void answered(long latencyNanos, long nanoTime) {
      answered = true;
      if (learning != null) {
        learning.learn(latencyNanos, nanoTime);
      }
    }

    @Override
    public void ended(Outcome outcome, long latencyNanos, long nanoTime) {
      if (learning != null && !answered && outcome == Outcome.FAILURE) {
        learning.learnFailure(latencyNanos, nanoTime);
      }
      if (rule != null && breaker != null && permit != null) {
        breaker.end(rule, permit, verdict(outcome), latencyNanos, nanoTime);
      }
    }

    private static Verdict verdict(Outcome outcome) {
      return switch (outcome) {
        case SUCCESS -> Verdict.GOOD;
        case ERROR, FAILURE -> Verdict.BAD;
        case IGNORED -> Verdict.NONE;
      };
    }
  }
}
