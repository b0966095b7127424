package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Kind;
import java.util.List;

/** Every load balancer. To add one: write the class, add its line here. */
public final class BalancerKinds {

  public static final List<Kind<?, BalancerWiring, LoadBalancer>> ALL =
      List.of(
          new Kind<>("round-robin", RoundRobin.Settings.class, (s, w) -> new RoundRobin()),
          new Kind<>("random", RandomChoice.Settings.class, (s, w) -> new RandomChoice()),
          new Kind<>("least-requests", LeastRequests.Settings.class, (s, w) -> new LeastRequests()),
          new Kind<>(
              "weighted-least-requests",
              WeightedLeastRequests.Settings.class,
              (s, w) -> new WeightedLeastRequests(s)),
          new Kind<>(
              "power-of-two-choices",
              PowerOfTwoChoices.Settings.class,
              (s, w) -> new PowerOfTwoChoices(s)),
          new Kind<>("peak-ewma", PeakEwma.Settings.class, (s, w) -> new PeakEwma(s)),
          new Kind<>("adaptive", Adaptive.Settings.class, (s, w) -> new Adaptive(s)),
          new Kind<>("least-tokens", LeastTokens.Settings.class, (s, w) -> new LeastTokens()),
          new Kind<>("ring-hash", RingHash.Settings.class, (s, w) -> new RingHash(s)),
          new Kind<>("maglev", Maglev.Settings.class, (s, w) -> new Maglev(s)),
          new Kind<>("rendezvous", Rendezvous.Settings.class, (s, w) -> new Rendezvous(s)),
          new Kind<>("ip-hash", IpHash.Settings.class, (s, w) -> new IpHash(s)),
          new Kind<>("sticky", Sticky.Settings.class, Sticky::new),
          new Kind<>("locality-aware", LocalityAware.Settings.class, LocalityAware::new),
          new Kind<>("priority", Priority.Settings.class, Priority::new),
          new Kind<>("subset", Subset.Settings.class, Subset::new));

  private BalancerKinds() {}

  /** The rule that the settings name. */
  public static LoadBalancer create(BalancerSettings settings, BalancerWiring wiring) {
    for (Kind<?, BalancerWiring, LoadBalancer> kind : ALL) {
      if (kind.settings().isInstance(settings)) {
        return kind.create(settings, wiring);
      }
    }
    throw new IllegalArgumentException("no load balancer for " + settings);
  }
}
