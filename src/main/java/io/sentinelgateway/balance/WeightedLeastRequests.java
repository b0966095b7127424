package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws a target, its weight made smaller by its load: weight / (load + 1) ^ bias, the load being
 * the requests in flight for a target of mean weight. Softer than {@link LeastRequests}, which
 * always takes the least loaded one: here a loaded target gets less, but it gets something.
 *
 * <p>Envoy weighs its least-request hosts by the requests in flight themselves; then shares under
 * load are those of the square roots of the weights. A load in proportion to the weight keeps them.
 */
final class WeightedLeastRequests implements LoadBalancer {

  /** {@code balancer: {type: weighted-least-requests, bias: 1.0}} */
  @Doc(
      "Draws a target in proportion to weight / (load + 1) ^ bias; loaded ones get less, not nothing.")
  record Settings(
      @Doc("How much the load counts: 0 not at all; the higher, the more it evens out.")
          @Default("1.0")
          @Range(min = "0", max = "10")
          double bias)
      implements BalancerSettings {}

  private final double bias;

  WeightedLeastRequests(Settings settings) {
    this.bias = settings.bias();
  }

  @Override
  public Picker picker(List<Target> members) {
    Target[] targets = members.toArray(Target[]::new);
    double mean = (double) Weights.sum(targets) / Math.max(1, targets.length);
    return context -> pick(targets, mean, context);
  }

  private @Nullable Target pick(Target[] targets, double meanWeight, PickContext context) {
    RandomGenerator random = context.exchange().loop().random();
    Target picked = null;
    double chances = 0;
    for (Target target : targets) {
      if (context.eligible(target)) {
        double chance = chance(target, meanWeight);
        chances += chance;
        if (picked == null || random.nextDouble() * chances < chance) {
          picked = target;
        }
      }
    }
    return picked;
  }

  private double chance(Target target, double meanWeight) {
    double load = target.state().inFlight() * meanWeight / target.weight() + 1;
    return target.weight() / (bias == 1 ? load : Math.pow(load, bias));
  }
}
