package io.sentinelgateway.balance;

import io.sentinelgateway.spread.AliasTable;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Draws some targets by weight and picks the cheapest of them; of two that cost about the same, the
 * one drawn first, so that weights hold while all are alike. Two choices are nearly as good as
 * looking at all (Azar and others, "Balanced Allocations", 1994), cost the same for any number of
 * targets, and do not let all gateways run to the same target at once. Thread-safe; shared by all
 * event loops.
 */
final class Choices implements Picker {

  /** What it costs to give a target another request. */
  @FunctionalInterface
  interface Cost {

    /**
     * @param load requests in flight, for a target of mean weight
     */
    double of(Target target, double load, PickContext context);
  }

  /** Draws for each choice, so that a few targets left out do not leave only one choice. */
  private static final int DRAWS = 4;

  /**
   * A later draw is taken when it costs less than this part of the best one: that a target has had
   * nothing to do for a moment longer than another, and so has a little less on record, is no
   * reason.
   */
  private static final double CLEARLY = 0.9;

  private final Target[] targets;
  private final double[] scales;
  private final AliasTable table;
  private final int choices;
  private final Cost cost;

  Choices(List<Target> members, int choices, Cost cost) {
    int[] weights = Weights.of(members);
    this.targets = members.toArray(Target[]::new);
    this.scales = new double[weights.length];
    this.table = AliasTable.of(weights);
    this.choices = choices;
    this.cost = cost;
    double mean = (double) Weights.sum(targets) / Math.max(1, weights.length);
    for (int i = 0; i < weights.length; i++) {
      scales[i] = mean / weights[i];
    }
  }

  @Override
  public @Nullable Target pick(PickContext context) {
    if (targets.length == 0) {
      return null;
    }
    RandomGenerator random = context.exchange().loop().random();
    int best = -1;
    double bestCost = 0;
    int found = 0;
    for (int draw = choices * DRAWS; draw > 0 && found < choices; draw--) {
      int drawn = table.draw(random);
      if (drawn != best && context.eligible(targets[drawn])) {
        double drawnCost = cost(drawn, context);
        if (best < 0 || drawnCost < bestCost * CLEARLY) {
          best = drawn;
          bestCost = drawnCost;
        }
        found++;
      }
    }
    return best >= 0 ? targets[best] : RandomChoice.amongEligible(targets, context, random);
  }

  private double cost(int index, PickContext context) {
    Target target = targets[index];
    return cost.of(target, target.state().inFlight() * scales[index], context);
  }
}
