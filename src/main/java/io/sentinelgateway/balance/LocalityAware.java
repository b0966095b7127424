package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.config.OuterBalancerSettings;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Keeps requests in the gateway's own zone as far as the targets there are healthy. */
final class LocalityAware implements LoadBalancer {

  /** {@code balancer: {type: locality-aware}} */
  @Doc(
      "Picks among targets of the gateway's own zone, and from the other zones as much as the own"
          + " one lacks in health.")
  record Settings(
      @Doc("How one is picked in a zone.") @Default("{type: least-requests}")
          BalancerSettings balancer,
      @Doc(
              "The own zone serves everything until its healthy share falls below 1 / this; then"
                  + " the rest spills over.")
          @Default("1.4")
          @Range(min = "1", max = "10")
          double overprovisioning)
      implements OuterBalancerSettings {

    @Override
    public void check(ServerConfig server, Problems problems) {
      problems.require(
          !server.zone().isEmpty(),
          "no zone of the gateway itself (expected: server.zone, or ZONE in the environment)");
      OuterBalancerSettings.super.check(server, problems);
    }
  }

  private final Settings settings;
  private final BalancerWiring wiring;

  LocalityAware(Settings settings, BalancerWiring wiring) {
    this.settings = settings;
    this.wiring = wiring;
  }

  @Override
  public Picker picker(List<Target> targets) {
    Predicate<Target> local = target -> target.zone().equals(wiring.zone());
    List<List<Target>> groups =
        Stream.of(local, local.negate())
            .map(zone -> targets.stream().filter(zone).toList())
            .filter(group -> !group.isEmpty())
            .toList();
    return new SpillOver(groups, wiring.inner(settings.balancer()), settings.overprovisioning());
  }
}
