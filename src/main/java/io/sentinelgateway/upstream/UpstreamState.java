package io.sentinelgateway.upstream;

import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.resilience.AdaptiveLimit;
import io.sentinelgateway.resilience.CircuitBreaker;
import io.sentinelgateway.resilience.CircuitBreaker.State;
import io.sentinelgateway.resilience.ConcurrencyLimiter;
import io.sentinelgateway.resilience.ConcurrencyLimiter.Places;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.target.ConnectionBound;
import io.sentinelgateway.target.TargetKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known about an upstream as a whole: what is under way and waits, what its limit has
 * learnt, its breaker, and how often it refused. Thread-safe; shared by all event loops and by all
 * configuration versions that name the upstream.
 */
public final class UpstreamState {

  /** The reasons for which an upstream refuses a request that it could have sent. */
  public static final List<Cause> REASONS =
      List.of(
          Cause.BREAKER_OPEN,
          Cause.REQUEST_LIMIT,
          Cause.ADAPTIVE_LIMIT,
          Cause.PRIORITY_LIMIT,
          Cause.PENDING_FULL,
          Cause.PENDING_TIMEOUT);

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamState.class);

  private static final Places UNLIMITED = priority -> Integer.MAX_VALUE;

  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
  private final ConnectionBound connections = new ConnectionBound();
  private final AdaptiveLimit adaptive = new AdaptiveLimit();
  private final CircuitBreaker breaker;
  private final Map<Cause, LongAdder> rejected = new EnumMap<>(Cause.class);
  private final Map<Cause, LongAdder> wouldReject = new EnumMap<>(Cause.class);
  private final Map<State, LongAdder> transitions = new EnumMap<>(State.class);
  private final LongAdder fallbacks = new LongAdder();
  private volatile Priority top = Priority.LOW;
  private volatile Places places = UNLIMITED;

  UpstreamState(String id) {
    breaker = new CircuitBreaker((state, why) -> changed("upstream " + id, state, why));
    for (Cause reason : REASONS) {
      rejected.put(reason, new LongAdder());
      wouldReject.put(reason, new LongAdder());
    }
    for (State state : State.values()) {
      transitions.put(state, new LongAdder());
    }
  }

  ConcurrencyLimiter limiter() {
    return limiter;
  }

  /**
   * The limit in force. It is one for all requests, also for those that began under another
   * configuration: else each of them that ends would hand its place on by a limit of the past.
   */
  Places places() {
    return places;
  }

  /** These are the limits in force; those who wait and now have room are let in. */
  void limits(@Nullable Limits now) {
    places = now == null ? UNLIMITED : now;
    limiter.serve(places);
    if (now == null) {
      connections.limit(Integer.MAX_VALUE, true);
    } else {
      now.bind(connections);
    }
  }

  /** The connections to all targets together. */
  public ConnectionBound connections() {
    return connections;
  }

  AdaptiveLimit adaptive() {
    return adaptive;
  }

  /** The breaker of the upstream as a whole; closed for ever unless it is configured. */
  public CircuitBreaker breaker() {
    return breaker;
  }

  /** A new breaker for a target of this upstream. */
  CircuitBreaker breaker(TargetKey target) {
    return new CircuitBreaker((state, why) -> changed("target " + target, state, why));
  }

  /** Once per change, of which there are few: a breaker that has opened stays so for a while. */
  private void changed(String whose, State state, String why) {
    transitions.get(state).increment();
    switch (state) {
      case OPEN -> LOG.warn("breaker of {} is open: {}", whose, why);
      case HALF_OPEN -> LOG.info("breaker of {} is half-open: {}", whose, why);
      case CLOSED -> LOG.info("breaker of {} is closed: {}", whose, why);
    }
  }

  /** Requests of this class will come, and none of a higher one. */
  public void expect(Priority highest) {
    top = highest;
  }

  /** The highest class that any route uses. */
  Priority top() {
    return top;
  }

  /** A request is refused. */
  public void rejected(Cause reason) {
    rejected.get(reason).increment();
  }

  /** A request would have been refused. */
  void wouldReject(Cause reason) {
    wouldReject.get(reason).increment();
  }

  /** Another upstream takes a request over. */
  public void fellBack() {
    fallbacks.increment();
  }

  /** Requests refused for one of the {@link #REASONS}. */
  public long rejections(Cause reason) {
    return rejected.get(reason).sum();
  }

  /** Requests that would have been refused if it were not only observed. */
  public long wouldBeRejections(Cause reason) {
    return wouldReject.get(reason).sum();
  }

  /** How often a breaker of the upstream or its targets came into a state. */
  public long transitions(State to) {
    return transitions.get(to).sum();
  }

  /** Requests that another upstream took over. */
  public long fallbacks() {
    return fallbacks.sum();
  }
}
