package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.OuterBalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Uses targets of the lowest number, and others for as much as those lack in health. */
final class Priority implements LoadBalancer {

  /** {@code balancer: {type: priority}} */
  @Doc(
      "Picks among targets of the lowest `priority`, and from the next ones as much as those lack in"
          + " health: failover, step by step.")
  record Settings(
      @Doc("How one is picked within a priority.") @Default("{type: least-requests}")
          BalancerSettings balancer,
      @Doc(
              "A priority serves everything until its healthy share falls below 1 / this; 1000: the"
                  + " next ones get nothing before nothing is left.")
          @Default("1.4")
          @Range(min = "1", max = "1000")
          double overprovisioning)
      implements OuterBalancerSettings {}

  private final Settings settings;
  private final BalancerWiring wiring;

  Priority(Settings settings, BalancerWiring wiring) {
    this.settings = settings;
    this.wiring = wiring;
  }

  @Override
  public Picker picker(List<Target> targets) {
    List<List<Target>> groups =
        List.copyOf(
            targets.stream()
                .collect(Collectors.groupingBy(Target::priority, TreeMap::new, Collectors.toList()))
                .values());
    return new SpillOver(groups, wiring.inner(settings.balancer()), settings.overprovisioning());
  }
}
