package io.sentinelgateway.origin;

import io.sentinelgateway.config.ConnectionsConfig;
import io.sentinelgateway.resilience.Backoff;
import java.util.random.RandomGenerator;

/**
 * Suspends connecting to a target that cannot be connected to, so that requests go elsewhere or
 * fail at once, and need not each find out by waiting. After a pause one connect probes; it ends
 * the suspension or begins a longer pause. Confined to one event loop.
 */
final class ConnectCircuit {

  /** The first pause is the longest one divided by it. */
  private static final int FIRST_PART = 16;

  private final Backoff backoff;
  private int failuresInARow;
  private boolean suspended;
  private boolean probing;
  private long untilNanos;

  ConnectCircuit(RandomGenerator random) {
    this.backoff = new Backoff(random);
  }

  /** Whether a connect may begin. */
  boolean allows(long nowNanos) {
    return !suspended || (!probing && nowNanos - untilNanos >= 0);
  }

  boolean suspended() {
    return suspended;
  }

  /**
   * A connect begins.
   *
   * @return true when it is a probe
   */
  boolean begins() {
    probing = suspended;
    return probing;
  }

  void succeeded() {
    failuresInARow = 0;
    suspended = false;
    probing = false;
    backoff.reset();
  }

  /**
   * A connect failed; one that began before the suspension tells nothing new.
   *
   * @param probe what {@link #begins} said of it
   */
  void failed(long nowNanos, boolean probe, ConnectionsConfig settings) {
    failuresInARow++;
    int most = settings.suspendAfter();
    if (suspended ? probe : most > 0 && failuresInARow >= most) {
      long longest = settings.suspendTime().toNanos();
      suspended = true;
      probing = false;
      untilNanos = nowNanos + backoff.pauseNanos(longest / FIRST_PART, longest);
    }
  }
}
