package io.sentinelgateway.upstream;

import io.sentinelgateway.balance.BalancerWiring;
import io.sentinelgateway.balance.PickContext;
import io.sentinelgateway.balance.Picker;
import io.sentinelgateway.config.UpstreamConfig;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Target;
import java.util.List;
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
  private volatile Members members;

  Upstream(String id, UpstreamConfig settings, BalancerWiring wiring, Members members) {
    this.id = id;
    this.settings = settings;
    this.wiring = wiring;
    this.members = members;
  }

  /**
   * The targets at one moment, and what was computed over them in advance.
   *
   * @param targets all of them, healthy or not
   * @param picker over these targets
   */
  record Members(List<Target> targets, Picker picker) {

    Members {
      targets = List.copyOf(targets);
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

  /** Replaces the members; attempts under way keep their leases. */
  void members(Members now) {
    members = now;
  }

  /** Whether a target may get requests as far as its own state goes. */
  public boolean usable(Target target) {
    return target.state().available();
  }

  /**
   * Leases a target; {@code null} when none is eligible.
   *
   * @param nanoTime monotonic time
   */
  public @Nullable Lease lease(PickContext context, long nanoTime) {
    Target target = members.picker().pick(context);
    if (target == null) {
      return null;
    }
    long tokens = settings.balancer().tokens(context.exchange().content().length());
    return new Lease(target, nanoTime, tokens);
  }
}
