package io.sentinelgateway.upstream;

import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetState;
import java.util.List;

/**
 * What targets weigh now: the configured weight or an operator's, less what a slow start holds
 * back. Pure.
 *
 * @param rising whether a slow start counts for this balancer
 */
record Weights(boolean rising) {

  private static final int WHOLE = 100;

  /** While one of them rises all weights are in hundredths, so that a weight of 1 can grow. */
  List<Target> of(List<Target> targets) {
    boolean finer =
        rising && targets.stream().anyMatch(target -> target.state().risenPercent() < WHOLE);
    return targets.stream().map(target -> weighed(target, finer)).toList();
  }

  private static Target weighed(Target target, boolean finer) {
    TargetState state = target.state();
    int weight = state.weightByHand() > 0 ? state.weightByHand() : target.weight();
    return target.weighing(finer ? weight * state.risenPercent() : weight);
  }
}
