package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.spread.AliasTable;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws a target in proportion to the weights, in constant time. When the draw falls on targets
 * that are not eligible time and again, it is made among the eligible ones.
 */
final class RandomChoice implements LoadBalancer {

  private static final int TRIES = 4;

  /** {@code balancer: {type: random}} */
  @Doc("Draws a target, in proportion to the weights. Nothing is shared between event loops.")
  record Settings() implements BalancerSettings {}

  @Override
  public Picker picker(List<Target> members) {
    Target[] targets = members.toArray(Target[]::new);
    AliasTable table = AliasTable.of(Weights.of(members));
    return context -> pick(targets, table, context);
  }

  private static @Nullable Target pick(Target[] targets, AliasTable table, PickContext context) {
    RandomGenerator random = context.exchange().loop().random();
    for (int i = 0; i < TRIES && targets.length > 0; i++) {
      Target target = targets[table.draw(random)];
      if (context.eligible(target)) {
        return target;
      }
    }
    return amongEligible(targets, context, random);
  }

  /** Goes through all: each eligible one takes the place with the right chance. */
  static @Nullable Target amongEligible(
      Target[] targets, PickContext context, RandomGenerator random) {
    Target picked = null;
    double weights = 0;
    for (Target target : targets) {
      if (context.eligible(target)) {
        weights += target.weight();
        if (picked == null || random.nextDouble() * weights < target.weight()) {
          picked = target;
        }
      }
    }
    return picked;
  }
}
