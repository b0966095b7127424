package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.target.Target;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Takes targets in turn, in proportion to their weights.
 *
 * <p>The turns are laid out in advance by smooth weighted round robin (as nginx spreads them: with
 * weights 5, 1, 1 the order is a a b a c a a, never five in a row), so that a pick is one atomic
 * increment. A target that is not eligible gives its turn to the next one in the order.
 */
final class RoundRobin implements LoadBalancer {

  private static final int MOST_TURNS = 4096;

  /** {@code balancer: {type: round-robin}} */
  @Doc("Takes targets in turn, in proportion to their weights.")
  record Settings() implements BalancerSettings {}

  @Override
  public Picker picker(List<Target> targets) {
    Target[] turns = turns(targets);
    AtomicInteger next = new AtomicInteger();
    return context -> {
      // Unsigned remainder: the counter may overflow.
      int first = Integer.remainderUnsigned(next.getAndIncrement(), turns.length);
      for (int i = 0; i < turns.length; i++) {
        int turn = first + i;
        Target target = turns[turn < turns.length ? turn : turn - turns.length];
        if (context.eligible(target)) {
          return target;
        }
      }
      return null;
    };
  }

  private static Target[] turns(List<Target> targets) {
    int[] weights = reducedWeights(targets);
    int total = 0;
    for (int weight : weights) {
      total += weight;
    }
    Target[] turns = new Target[total];
    int[] credit = new int[weights.length];
    for (int turn = 0; turn < total; turn++) {
      int best = 0;
      for (int i = 0; i < weights.length; i++) {
        credit[i] += weights[i];
        if (credit[i] > credit[best]) {
          best = i;
        }
      }
      credit[best] -= total;
      turns[turn] = targets.get(best);
    }
    return turns;
  }

  private static int[] reducedWeights(List<Target> targets) {
    int divisor = 0;
    long sum = 0;
    for (Target target : targets) {
      divisor = gcd(target.weight(), divisor);
      sum += target.weight();
    }
    // Very uneven weights are rounded to a table of bounded size.
    double scale = sum / divisor <= MOST_TURNS ? 1.0 / divisor : MOST_TURNS / (double) sum;
    int[] weights = new int[targets.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.max(1, (int) Math.round(targets.get(i).weight() * scale));
    }
    return weights;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
