package io.sentinelgateway.upstream;

import io.sentinelgateway.config.HealthConfig;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Target;
import java.util.List;

/**
 * Which targets may be used, by the health of all of them. Pure.
 *
 * <p>Normally the healthy ones. New ones that wait for their first check are better than none, so
 * they are used while nobody is healthy: a gateway serves as soon as it has started. In a panic
 * everything but drained targets is used, because a few would only fall under the load of all; the
 * share is that of the healthy ones among those whose health is known.
 */
final class Eligibility {

  private Eligibility() {}

  /** The worst condition of a target that may be used. */
  static Condition worst(List<Target> targets, HealthConfig health) {
    long healthy = count(targets, Condition.HEALTHY);
    if (healthy == 0 && count(targets, Condition.WARMING) > 0) {
      return Condition.WARMING;
    }
    long known = healthy + count(targets, Condition.EJECTED) + count(targets, Condition.UNHEALTHY);
    return healthy < health.panicBelow().share() * known ? Condition.UNHEALTHY : Condition.HEALTHY;
  }

  private static long count(List<Target> targets, Condition condition) {
    return targets.stream()
        .filter(target -> target.state().standing().condition() == condition)
        .count();
  }
}
