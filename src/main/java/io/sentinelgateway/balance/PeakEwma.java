package io.sentinelgateway.balance;

import io.sentinelgateway.config.BalancerSettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.target.Target;
import java.time.Duration;
import java.util.List;

/**
 * Draws two targets and takes the one where a request waits less: latency × (requests in flight +
 * 1). The latency is an average that follows peaks at once and forgets them slowly, as Finagle's
 * balancer of this name has it.
 */
final class PeakEwma implements LoadBalancer {

  /**
   * Latency of a target that has not answered yet, in nanoseconds: it gets one request, and no
   * other until that one is answered, as long as there is somebody else.
   */
  private static final double UNKNOWN_NANOS = 1e15;

  /** {@code balancer: {type: peak-ewma, decay: 10s}} */
  @Doc("Draws some targets by weight, and takes the one with the least latency × load.")
  record Settings(
      @Doc("How long latencies are remembered: after this time a third of the weight is left.")
          @Default("10s")
          @Range(min = "100ms", max = "1h")
          Duration decay,
      @Doc("How many are drawn.") @Default("2") @Range(min = "2", max = "16") int choices)
      implements BalancerSettings {}

  private final Settings settings;

  PeakEwma(Settings settings) {
    this.settings = settings;
  }

  @Override
  public Picker picker(List<Target> targets) {
    long decayNanos = settings.decay().toNanos();
    return new Choices(
        targets,
        settings.choices(),
        (target, load, context) ->
            costNanos(target, load, context.exchange().loop().nanoTime(), decayNanos));
  }

  /** How long another request would take, in nanoseconds. */
  static double costNanos(Target target, double load, long nanoTime, long decayNanos) {
    double latency = target.state().averages().latencyNanos(nanoTime, decayNanos);
    return latency == 0 ? UNKNOWN_NANOS * load : latency * (load + 1);
  }
}
