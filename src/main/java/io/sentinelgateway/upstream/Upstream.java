package io.sentinelgateway.upstream;

import io.sentinelgateway.balance.BalancerWiring;
import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.balance.Picker;
import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.resilience.CircuitBreaker.State;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Lease.Guard;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A named group of targets and the picker over them. It lives as long as its settings stay equal;
 * its members may come and go meanwhile. Shared by all event loops; members are replaced whole, by
 * the owner of the {@link UpstreamRegistry}.
 */
public final class Upstream {

  private final String id;
  private final UpstreamConfig settings;
  private final BalancerWiring wiring;
  private final UpstreamState state;
  private final @Nullable Guards guards;
  private final @Nullable Limits limits;
  private volatile Members members;

  Upstream(
      String id,
      UpstreamConfig settings,
      BalancerWiring wiring,
      UpstreamState state,
      Members members) {
    this.id = id;
    this.settings = settings;
    this.wiring = wiring;
    this.state = state;
    this.limits = Limits.of(settings, state);
    this.guards = Guards.of(settings, state, limits);
    this.members = members;
  }

  /**
   * The targets at one moment, and what was computed over them in advance.
   *
   * @param configured what they were made from
   * @param targets all of them, healthy or not
   * @param picker over these targets
   * @param worst the worst condition of a target that may be used
   */
  record Members(
      List<TargetConfig> configured, List<Target> targets, Picker picker, Condition worst) {

    Members {
      configured = List.copyOf(configured);
      targets = List.copyOf(targets);
    }

    /** The same targets after the health of some has changed. */
    Members admitting(Condition now) {
      return new Members(configured, targets, picker, now);
    }
  }

  public String id() {
    return id;
  }

  public UpstreamConfig settings() {
    return settings;
  }

  /** What its pickers are built with besides its settings. */
  public BalancerWiring wiring() {
    return wiring;
  }

  /** All targets, healthy or not. */
  public List<Target> targets() {
    return members.targets();
  }

  Members members() {
    return members;
  }

  /** What the target weighs when no slow start holds it back. */
  public int weight(Target target) {
    int byHand = target.state().weightByHand();
    return byHand > 0
        ? byHand
        : members.configured().stream()
            .filter(configured -> configured.address().equals(target.key().address()))
            .mapToInt(TargetConfig::weight)
            .findFirst()
            .orElse(0);
  }

  /** Replaces the members; attempts under way keep their leases. */
  void members(Members now) {
    members = now;
  }

  /** Whether a target may get requests as far as its own state goes. */
  public boolean usable(Target target) {
    return target.state().standing().condition().asGoodAs(members.worst());
  }

  /** True while so few targets are healthy that all but drained ones are used. */
  public boolean panic() {
    return members.worst() == Condition.UNHEALTHY;
  }

  /** Whether its circuit breaker, if there is one, would let an attempt through. */
  public boolean admits(Target target, Loop loop) {
    return guards == null || guards.admits(target, loop.nanoTime());
  }

  /** How many circuit breakers are in which state; empty when none is configured. */
  public Map<State, Integer> breakers() {
    return guards == null ? Map.of() : guards.states(targets());
  }

  /** How much may be under way at once; {@code null}: any amount. */
  public @Nullable Limits limits() {
    return limits;
  }

  /** Its limits count from now on, for all requests to the upstream of this id. */
  void takeEffect() {
    state.limits(limits);
  }

  /** What is known about it as a whole; survives reloads. */
  public UpstreamState state() {
    return state;
  }

  /**
   * Leases a target; {@code null} when none is eligible.
   *
   * @param nanoTime monotonic time
   */
  public @Nullable Lease lease(PickContext context, long nanoTime) {
    Members now = members;
    if (guards == null) {
      Target target = now.picker().pick(context);
      return target == null ? null : new Lease(target, nanoTime, tokens(context));
    }
    // Another loop may take the last place for a probe between our pick and our try: pick again.
    for (int tries = now.targets().size(); tries >= 0; tries--) {
      Target target = now.picker().pick(context);
      if (target == null) {
        return null;
      }
      Guard guard = guards.begin(target, nanoTime);
      if (guard != null) {
        return new Lease(target, nanoTime, tokens(context), guard);
      }
    }
    return null;
  }

  private long tokens(PickContext context) {
    return settings.balancer().tokens(context.exchange().content().length());
  }

  /**
   * Why there was nothing to lease: all breakers are open, or no target is available at all.
   *
   * @param nanoTime monotonic time
   */
  public ProxyError refusal(long nanoTime) {
    if (guards != null) {
      ProxyError broken = guards.refusal(this, nanoTime);
      if (broken != null) {
        return broken;
      }
    }
    return ProxyError.of(Cause.NO_TARGET_AVAILABLE, id);
  }
}
