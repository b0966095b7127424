package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.time.Duration;
import java.util.List;

/**
 * As {@link PeakEwma}, but counts the time until a request succeeds: a target at which half of the
 * requests fail costs twice as much.
 */
final class Adaptive implements LoadBalancer {

  /** A target that fails always is still asked now and then, if only to see whether it recovers. */
  private static final double LEAST_SUCCESS = 0.02;

  /** {@code balancer: {type: adaptive, decay: 10s}} */
  @Doc(
      "Draws some targets by weight, and takes the one with the least latency × load / share of"
          + " successes.")
  record Settings(
      @Doc("How long latencies and errors are remembered.")
          @Default("10s")
          @Range(min = "100ms", max = "1h")
          Duration decay,
      @Doc("How many are drawn.") @Default("2") @Range(min = "2", max = "16") int choices)
      implements BalancerSettings {}

  private final Settings settings;

  Adaptive(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Picker picker(List<Target> targets) {
    long decayNanos = settings.decay().toNanos();
    return new Choices(
        targets,
        settings.choices(),
        (target, load, context) -> {
          long now = context.exchange().loop().nanoTime();
          double errors = target.state().averages().errorShare(now, decayNanos);
          // Of equals that are idle, the one that fails must still cost more.
          double cost = Math.max(1, PeakEwma.costNanos(target, load, now, decayNanos));
          return cost / Math.max(LEAST_SUCCESS, 1 - errors);
        });
  }
}
