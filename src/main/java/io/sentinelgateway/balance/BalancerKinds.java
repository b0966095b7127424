package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Kind;
import java.util.List;

/** Every load balancer. To add one: write the class, add its line here. */
public final class BalancerKinds {

  public static final List<Kind<?, Void, LoadBalancer>> ALL =
      List.of(
          new Kind<>("round-robin", RoundRobin.Settings.class, (s, w) -> new RoundRobin()),
          new Kind<>(
              "least-requests", LeastRequests.Settings.class, (s, w) -> new LeastRequests()));

  private BalancerKinds() {}

  /** The rule that the settings name. */
  public static LoadBalancer create(BalancerSettings settings) {
    for (Kind<?, Void, LoadBalancer> kind : ALL) {
      if (kind.settings().isInstance(settings)) {
        return kind.create(settings, null);
      }
    }
    throw new IllegalArgumentException("no load balancer for " + settings);
  }
}
