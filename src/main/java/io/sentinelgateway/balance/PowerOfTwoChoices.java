package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.util.List;

/** Draws two targets and takes the one with fewer requests in flight for its weight. */
final class PowerOfTwoChoices implements LoadBalancer {

  /** {@code balancer: {type: power-of-two-choices}} */
  @Doc("Draws some targets by weight, and takes the one with the fewest requests in flight.")
  record Settings(
      @Doc("How many are drawn.") @Default("2") @Range(min = "2", max = "16") int choices)
      implements BalancerSettings {}

  private final int choices;

  PowerOfTwoChoices(Settings settings) {
    this.choices = settings.choices();
  }

  @Override
  public Picker picker(List<Target> targets) {
    return new Choices(targets, choices, (target, load, context) -> load);
  }
}
